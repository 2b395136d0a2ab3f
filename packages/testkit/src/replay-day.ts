import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  newsApi,
  reportingApi,
  riskApi,
  scannerApi,
  technicalApi,
  tradingApi,
  workflowApi,
  type DailyReport,
  type SessionMode,
} from '@catalyst/contracts';
import { later, newYorkTime } from '@catalyst/domain';
import {
  ensureSchemaTemplate,
  readLedgerAt,
  sharedPostgres,
  sharedRedis,
  startDesk,
  type LedgerRow,
  type RunningDesk,
} from '@catalyst/platform';
import {
  createClient,
  createDatabase,
  createLog,
  type Client,
  type Database,
} from '@catalyst/service-kit';

import { hostService } from './host-service.ts';

interface Options {
  day_dir: string;
  session_mode?: SessionMode;
  /** False leaves the desk as installed: halted until somebody arms it. */
  arm?: boolean;
  /** More variables for every service. */
  service_env?: Record<string, string>;
  simulator_args?: readonly string[];
  /**
   * True runs each service as a process of its own, as a desk does; otherwise all nine run in this
   * one, where nobody can kill one, for a third of what they cost.
   */
  as_processes?: boolean;
}

export interface Replay {
  desk: RunningDesk;
  trade_date: string;
  database: Database;
  workflow: Client<typeof workflowApi>;
  trading: Client<typeof tradingApi>;
  risk: Client<typeof riskApi>;
  reporting: Client<typeof reportingApi>;
  scanner: Client<typeof scannerApi>;
  news: Client<typeof newsApi>;
  technical: Client<typeof technicalApi>;
  /** Conducts the day up to a New York time, in steps of ten minutes. */
  advanceTo(clock: string): Promise<void>;
  /** Conducts the rest of the day and returns its report. */
  finish(): Promise<DailyReport>;
  stop(): Promise<void>;
}

const CHUNK_MS = 10 * 60_000;

/**
 * A desk of its own on the shared PostgreSQL and Redis that replays a day: nine real processes and
 * the simulator. Armed unless told otherwise, with its cycle open.
 */
export const startReplay = async ({
  day_dir,
  session_mode = 'autonomous',
  arm = true,
  service_env = {},
  simulator_args = [],
  as_processes = false,
}: Options): Promise<Replay> => {
  const home = mkdtempSync(join(tmpdir(), 'catalyst-replay-'));
  const { url: databaseUrl } = await sharedPostgres();
  await ensureSchemaTemplate(databaseUrl);
  const { url: redisUrl } = await sharedRedis();
  const desk = await startDesk({
    home,
    mode: 'replay',
    day_dir,
    service_env,
    simulator_args,
    ...(as_processes ? {} : { run: hostService, log_level: 'error' }),
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
    timeout_ms: 120_000,
    retry_for_ms: 30_000,
  });
  const trade_date = desk.simulator!.trade_date;
  const workflow = createClient(workflowApi, options('workflow'));
  const risk = createClient(riskApi, options('risk'));
  const reporting = createClient(reportingApi, options('reporting'));
  let now = newYorkTime(trade_date, '04:00');
  const advanceTo = async (clock: string): Promise<void> => {
    const end = newYorkTime(trade_date, clock);
    while (now < end) {
      now = later(now, CHUNK_MS) < end ? later(now, CHUNK_MS) : end;
      await workflow.advanceReplay({ body: { to: now } });
    }
  };
  const stop = async (): Promise<void> => {
    await database.close();
    await desk.stop();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    if (arm) await risk.arm({ body: { by: 'test', reason: 'the test arms its own replay' } });
    await workflow.startCycle({ body: { trade_date, session_mode } });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    desk,
    trade_date,
    database,
    workflow,
    risk,
    reporting,
    trading: createClient(tradingApi, options('trading')),
    scanner: createClient(scannerApi, options('scanner')),
    news: createClient(newsApi, options('news')),
    technical: createClient(technicalApi, options('technical')),
    advanceTo,
    finish: async () => {
      await advanceTo('16:00');
      return reporting.showDailyReport({ params: { trade_date } });
    },
    stop,
  };
};

/** The day that ships with the project. */
export const BUNDLED_DAY = join(import.meta.dirname, '../../simulator/days/2026-03-24');

/** The mails that the simulated mail server caught, oldest first, as sent. */
export const latestMails = ({ desk }: Pick<Replay, 'desk'>): string[] =>
  readdirSync(desk.mail_dir)
    .filter((name) => name.endsWith('.eml'))
    .sort()
    .map((name) => readFileSync(join(desk.mail_dir, name), 'utf8'));

/** What the simulated exchange of a replay wrote down. */
export const readLedger = ({ desk }: Replay): Promise<LedgerRow[]> =>
  readLedgerAt(desk.simulator!.url);
