import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { riskApi, tradingApi, workflowApi } from '@catalyst/contracts';
import { newYorkTime, toInstant, type TradeDate } from '@catalyst/domain';
import {
  createTimekeeper,
  measureRehearsal,
  ensureSchemaTemplate,
  readLedgerAt,
  sharedPostgres,
  sharedRedis,
  startDesk,
  type LedgerRow,
  type RehearsalResult,
  type RunningDesk,
} from '@catalyst/platform';
import {
  createClient,
  createDatabase,
  createLog,
  type Client,
  type Database,
} from '@catalyst/service-kit';

export interface Rehearsal {
  desk: RunningDesk;
  database: Database;
  risk: Client<typeof riskApi>;
  trading: Client<typeof tradingApi>;
  workflow: Client<typeof workflowApi>;
  /** Lets the day go on to a New York time of the date it began on. */
  runTo(clock: string): Promise<void>;
  ledger(): Promise<LedgerRow[]>;
  measure(): Promise<RehearsalResult>;
  stop(): Promise<void>;
}

interface Options {
  day_dir: string;
  /** The date on which the desk is started. */
  date: TradeDate;
  /** When it is started, in New York. */
  from: string;
  simulator_args?: readonly string[];
  arm?: boolean;
  /** CATALYST_HOME; otherwise a folder that is removed at the end. */
  home?: string;
  /** A desk whose broker is in trouble works without a rest for longer than a healthy one. */
  stuck_after_ms?: number;
}

/** What a start takes at most; the desk is up when `from` comes. */
const START_MS = 60_000;

/**
 * A paper desk of its own that trades a recorded day at the simulated exchange, by its own schedule,
 * in a time that jumps over what is idle. The exchange behaves as a new paper account does.
 */
export const startRehearsal = async ({
  day_dir,
  date,
  from,
  simulator_args = [],
  arm = true,
  home = mkdtempSync(join(tmpdir(), 'catalyst-rehearsal-')),
  stuck_after_ms,
}: Options): Promise<Rehearsal> => {
  const { url: databaseUrl } = await sharedPostgres();
  await ensureSchemaTemplate(databaseUrl);
  const { url: redisUrl } = await sharedRedis();
  const starts_at = Date.parse(newYorkTime(date, from));
  const timekeeper = createTimekeeper(starts_at - START_MS, stuck_after_ms);
  const desk = await startDesk({
    home,
    mode: 'paper',
    day_dir,
    timekeeper,
    simulator_args: ['--like', 'paper', ...simulator_args],
    env: { ...process.env, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl },
  });
  const { urls, keys } = desk.fleet;
  const database = createDatabase(desk.database_url, {
    log: createLog('test', 'error'),
    application_name: 'catalyst-test',
    max_connections: 2,
  });
  const options = (service: keyof typeof urls) => ({
    service,
    base_url: urls[service],
    api_key: keys.cli,
    retry_for_ms: 30_000,
  });
  const risk = createClient(riskApi, options('risk'));
  const stop = async (): Promise<void> => {
    await database.close();
    await desk.stop();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    if (arm) await risk.arm({ body: { by: 'test', reason: 'the test arms its own rehearsal' } });
    await timekeeper.runTo(starts_at);
  } catch (error) {
    await stop();
    throw error;
  }
  const ledger = () => readLedgerAt(desk.simulator!.url);
  const begun_at = performance.now();
  return {
    desk,
    database,
    risk,
    trading: createClient(tradingApi, options('trading')),
    workflow: createClient(workflowApi, options('workflow')),
    runTo: (clock) => timekeeper.runTo(Date.parse(newYorkTime(date, clock))),
    ledger,
    measure: async () =>
      measureRehearsal({
        database_url: desk.database_url,
        from: toInstant(starts_at),
        ledger: await ledger(),
        day: desk.simulator!.day,
        speed: (timekeeper.now() - starts_at) / (performance.now() - begun_at),
      }),
    stop,
  };
};
