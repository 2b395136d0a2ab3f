import { afterAll, beforeAll, describe } from '@jest/globals';
import type { workflowApi } from '@catalyst/contracts';
import { startTestService, type TestService } from '@catalyst/testkit';
import { workflowService } from '../src/service.ts';
import { startFixtureFleet } from './fixture-fleet/fixture-fleet.ts';
import { at } from './fixture-fleet/script.ts';
import { beforeTheOpen } from './trading-day/before-the-open.ts';
import { firstEntries } from './trading-day/first-entries.ts';
import { theClose } from './trading-day/the-close.ts';
import type { TradingDay } from './trading-day/trading-day.ts';
import { untilTheLastHour } from './trading-day/until-the-last-hour.ts';
import { whatIsKept } from './trading-day/what-is-kept.ts';

let service: TestService<typeof workflowApi>;
const day = { workflow: () => service.client('cli') } as TradingDay;

beforeAll(async () => {
  const fleet = (day.fleet = await startFixtureFleet());
  fleet.script.triggers = {
    AAA: ['10:02', '10:10'],
    BBB: ['10:02', '10:16', '10:20'],
    CCC: ['14:59', '15:00'],
  };
  fleet.script.refusals = { BBB: 'MAX_POSITIONS' };
  service = await startTestService(workflowService, {
    database_url: fleet.database.url,
    keys: fleet.keys,
    replay_start_at: at('04:00'),
    env: fleet.env,
  });
}, 60_000);
afterAll(async () => {
  await service?.close();
  await day.fleet?.close();
});

describe('an autonomous day', () => {
  beforeTheOpen(day);
  firstEntries(day);
  untilTheLastHour(day);
  theClose(day);
  whatIsKept(day);
});
