import { afterEach, beforeEach } from '@jest/globals';
import type { Health, workflowApi } from '@catalyst/contracts';
import { later, newYorkTime, stableId } from '@catalyst/domain';
import type { Client } from '@catalyst/service-kit';
import { startTestService, type TestService } from '@catalyst/testkit';
import { workflowService } from '../../src/service.ts';
import { startFixtureFleet, type FixtureFleet } from '../fixture-fleet/fixture-fleet.ts';
import { DATE } from '../fixture-fleet/script.ts';

interface JobRun {
  job: string;
  due_at: string;
  state: string;
  note: string | null;
}

export interface PaperDesk {
  fleet: FixtureFleet;
  /**
   * A desk whose clock shows a time of the fixture's day, and on which no wait takes any; its
   * schedule resumes as soon as it starts.
   */
  start(
    clock: string,
    env?: Record<string, string>,
    date?: string,
  ): Promise<Client<typeof workflowApi> & { health(): Promise<Health> }>;
  /** A desk that starts otherwise. */
  startAs(
    start: typeof workflowService.start,
    env?: Record<string, string>,
  ): Promise<TestService<typeof workflowApi>>;
  /** Ends what was started; the fleet goes on. */
  stop(): Promise<void>;
  /** Adds a position of an earlier day, as trading keeps it. */
  hold(symbol: string): Promise<unknown>;
  runs(where: string): Promise<JobRun[]>;
}

/** How long this desk asks a service again that is away. */
const PATIENCE_MS = 250;

/** For each test of a file a fixture fleet of its own, at which the test starts desks on paper. */
export const paperDeskForEach = (): PaperDesk => {
  const open: { close(): Promise<void> }[] = [];
  const desk = {
    start: async (clock, env = {}, date = DATE) => {
      let slept_ms = 0;
      const now = (): string => later(newYorkTime(date, clock), slept_ms);
      const sleep = async (ms: number): Promise<void> => void (slept_ms += ms);
      const service = await desk.startAs(
        (kit) =>
          workflowService.start({
            ...kit,
            clock: { ...kit.clock, now, latest: now, sleep },
            client: (name, api, options) =>
              kit.client(name, api, { ...options, retry_for_ms: PATIENCE_MS }),
          }),
        env,
      );
      return Object.assign(service.client('cli'), {
        health: async () => (await (await fetch(`${service.url}/health`)).json()) as Health,
      });
    },
    startAs: async (start, env = {}) => {
      const { database, keys, env: addresses } = desk.fleet;
      const service = await startTestService(
        { ...workflowService, start },
        { database_url: database.url, keys, env: { ...addresses, ...env } },
      );
      open.push(service);
      return service;
    },
    stop: async () => {
      for (const service of open.splice(0)) await service.close();
    },
    hold: (symbol) =>
      desk.fleet.database.database.query(
        `INSERT INTO positions (position_id, security_id, direction, status, qty, entered_qty,
           created_at, updated_at)
         VALUES ($1, get_or_create_security($2), 'long', 'open', 1, 1, $3, $3)`,
        [stableId('held'), symbol, newYorkTime('2026-03-20', '10:00')],
      ),
    runs: (where) =>
      desk.fleet.database.database.query<JobRun>(
        `SELECT job, due_at, state, note FROM job_runs WHERE ${where} ORDER BY due_at, job`,
      ),
  } as PaperDesk;

  beforeEach(async () => {
    desk.fleet = await startFixtureFleet();
  }, 60_000);
  afterEach(async () => {
    await desk.stop();
    await desk.fleet?.close();
  });
  return desk;
};
