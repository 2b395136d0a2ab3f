import {
  newsApi,
  patternApi,
  reportingApi,
  riskApi,
  scannerApi,
  technicalApi,
  tradingApi,
  workflowApi,
} from '@catalyst/contracts';
import {
  ConfigError,
  inContext,
  type Kit,
  type Running,
  type ServiceSpec,
  createTurns,
} from '@catalyst/service-kit';
import { readSessions } from './adapters/sessions-file.ts';
import { createSimulator } from './adapters/simulator.ts';
import { workflowEnvironment } from './config.ts';
import { createAdvanceReplay, createStage } from './flows/advance-replay.ts';
import { createCycleBook } from './flows/cycle-book.ts';
import type { Desk } from './flows/desk.ts';
import { finishInterruptedExecutions } from './flows/execute-proposal.ts';
import {
  createClosePositions,
  createCloseRetry,
  createMakeReport,
} from './flows/jobs/close-day.ts';
import { createCollectNews } from './flows/jobs/collect-news.ts';
import { createEnterTrades } from './flows/jobs/enter-trades.ts';
import { createMarketOpen, createPremarketScan, createRescan } from './flows/jobs/scan-market.ts';
import { createWatchMinute } from './flows/jobs/watch-minute.ts';
import { createRunDueJobs, type JobBodies } from './flows/run-due-jobs.ts';
import { createRunLiveDay } from './flows/run-live-day.ts';
import { createSchedule } from './jobs.ts';
import { createRoutes } from './routes.ts';

/** A scan or a report may take this long. */
const LONG_CALL_MS = 120_000;

const createJobBodies = (desk: Desk): JobBodies => ({
  collect_news: createCollectNews(desk),
  premarket_scan: createPremarketScan(desk),
  market_open: createMarketOpen(desk),
  minute: createWatchMinute(desk),
  rescan: createRescan(desk),
  enter: createEnterTrades(desk),
  close_positions: createClosePositions(desk),
  close_retry: createCloseRetry(desk),
  report: createMakeReport(desk),
  after_hours_news: createCollectNews(desk),
});

const start = async ({
  config,
  log,
  clock,
  bus,
  audit,
  database,
  client,
}: Kit<typeof workflowEnvironment>): Promise<Running<typeof workflowApi>> => {
  const isReplay = config.TRADING_MODE === 'replay';
  if (isReplay && !config.SIMULATOR_URL)
    throw new ConfigError([
      'SIMULATOR_URL is not set: a replay is conducted at the simulated exchange',
    ]);
  const sessions = readSessions(config.CATALYST_HOME);
  // a replay waits for whoever is killed and started again; a live desk has a schedule to keep
  const patience = isReplay ? { retry_for_ms: 30_000 } : {};
  const trading = client('trading', tradingApi, patience);
  const stage = isReplay
    ? createStage(createSimulator(config.SIMULATOR_URL!), trading, config.REPLAY_START_AT!)
    : null;

  const desk: Desk = {
    run_id: config.RUN_ID,
    is_replay: isReplay,
    database,
    clock,
    bus,
    audit,
    log,
    sessions,
    book: createCycleBook(database, sessions),
    news: client('news', newsApi, patience),
    scanner: client('scanner', scannerApi, { ...patience, timeout_ms: LONG_CALL_MS }),
    technical: client('technical', technicalApi, patience),
    pattern: client('pattern', patternApi, patience),
    risk: client('risk', riskApi, patience),
    trading,
    reporting: client('reporting', reportingApi, { ...patience, timeout_ms: LONG_CALL_MS }),
    inTurn: createTurns(),
    settle: stage ? () => stage.settle() : async () => {},
  };
  const runDueJobs = createRunDueJobs(desk, createJobBodies(desk));

  if (stage) {
    return {
      handlers: createRoutes({
        desk,
        stage,
        advanceReplay: createAdvanceReplay({
          stage,
          runDueJobs,
          book: desk.book,
          inTurn: desk.inTurn,
        }),
        onCycleOpened: async () => {},
      }),
      prepare: async () => {
        await stage.find();
        await desk.inTurn(() =>
          inContext({ at: stage.now() }, () => finishInterruptedExecutions(desk)),
        );
      },
    };
  }
  const day = createRunLiveDay({
    desk,
    runDueJobs,
    defaults: { session_mode: config.SESSION_MODE, universe_size: config.UNIVERSE_SIZE },
  });
  const schedule = createSchedule({ day, clock, log });
  return {
    handlers: createRoutes({
      desk,
      stage: null,
      advanceReplay: null,
      onCycleOpened: schedule.arrange,
    }),
    prepare: async () => schedule.start(),
    notes: () => [schedule.note()].filter((note) => note !== null),
    stop: schedule.stop,
  };
};

/**
 * The daily cycle: its schedule and states, decisions and proposals; in a replay the conductor of
 * the day.
 */
export const workflowService: ServiceSpec<typeof workflowApi, typeof workflowEnvironment> = {
  name: 'workflow',
  api: workflowApi,
  config: workflowEnvironment,
  start,
};
