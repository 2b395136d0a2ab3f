import { afterAll, beforeAll, describe } from '@jest/globals';
import type { workflowApi } from '@catalyst/contracts';
import { startTestService, type TestService } from '@catalyst/testkit';
import { workflowService } from '../src/service.ts';
import { startFixtureFleet } from './fixture-fleet/fixture-fleet.ts';
import { openDay } from './fixture-fleet/open-day.ts';
import { at } from './fixture-fleet/script.ts';
import { actsOfAPerson } from './supervised-day/acts-of-a-person.ts';
import { previews } from './supervised-day/previews.ts';
import { proposals } from './supervised-day/proposals.ts';
import type { SupervisedDay } from './supervised-day/supervised-day.ts';

let service: TestService<typeof workflowApi>;
const day = {
  workflow: () => service.client('orchestration'),
  advanceTo: (clock) => service.client('cli').advanceReplay({ body: { to: at(clock) } }),
} as SupervisedDay;

beforeAll(async () => {
  const fleet = (day.fleet = await startFixtureFleet());
  fleet.script.candidates = ['AAA', 'BBB', 'CCC'];
  fleet.script.triggers = { AAA: ['10:02'], BBB: ['10:02', '10:17', '10:40'], CCC: ['10:20'] };
  service = await startTestService(workflowService, {
    database_url: fleet.database.url,
    keys: fleet.keys,
    replay_start_at: at('04:00'),
    env: fleet.env,
  });
  const { cycle } = await openDay(service.client('cli'), 'supervised');
  day.cycle_id = cycle.cycle_id;
}, 60_000);
afterAll(async () => {
  await service?.close();
  await day.fleet?.close();
});

describe('a supervised day', () => {
  proposals(day);
  previews(day);
  actsOfAPerson(day);
});
