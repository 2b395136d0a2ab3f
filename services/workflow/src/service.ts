import {
  newsApi,
  patternApi,
  reportingApi,
  riskApi,
  scannerApi,
  services,
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
  askStatus,
  createTurns,
} from '@catalyst/service-kit';
import { readNeighbours, readSessions } from './adapters/sessions-file.ts';
import { createFeatureFlags } from './adapters/feature-flags.ts';
import { createSignalPublisher } from './adapters/signal-publisher.ts';
import { createSimulator } from './adapters/simulator.ts';
import { workflowEnvironment } from './config.ts';
import { findContradictions } from './domain/contradictions.ts';
import { installedScope } from './domain/included-scopes.ts';
import { createAdvanceReplay } from './flows/advance-replay.ts';
import { createCycleBook } from './flows/cycle-book.ts';
import { finishInterruptedExecutions } from './flows/execute-proposal.ts';
import { installKeys } from './flows/manage-access-keys.ts';
import type { FlowDeps } from './flows/flow-deps.ts';
import {
  createClosePositions,
  createCloseRetry,
  createMakeReport,
} from './flows/jobs/close-day.ts';
import { createCollectNews } from './flows/jobs/collect-news.ts';
import { createEnterTrades } from './flows/jobs/enter-trades.ts';
import { createMarketOpen, createPremarketScan, createRescan } from './flows/jobs/scan-market.ts';
import { createWatchMinute } from './flows/jobs/watch-minute.ts';
import { createLockstep } from './flows/lockstep.ts';
import { createRunDueJobs, type JobBodies } from './flows/run-due-jobs.ts';
import { createRunLiveDay } from './flows/run-live-day.ts';
import { createClockHeartbeat, createCronHeartbeat } from './heartbeat.ts';
import { createSchedule } from './jobs.ts';
import { tellSignals } from './flows/tell-signals.ts';
import { listHeld } from './store/desk-reads.ts';
import { findHead, findLogId, listSignals } from './store/signals.ts';
import { createRoutes } from './routes.ts';
import { createWatchFleet } from './watch-fleet.ts';

/** A scan or a report may take this long. */
const LONG_CALL_MS = 120_000;

const createJobBodies = (deps: FlowDeps): JobBodies => ({
  collect_news: createCollectNews(deps),
  premarket_scan: createPremarketScan(deps),
  market_open: createMarketOpen(deps),
  minute: createWatchMinute(deps),
  rescan: createRescan(deps),
  enter: createEnterTrades(deps),
  close_positions: createClosePositions(deps),
  close_retry: createCloseRetry(deps),
  report: createMakeReport(deps),
  after_hours_news: createCollectNews(deps),
});

const start = async ({
  config,
  log,
  clock,
  bus,
  audit,
  journal,
  alerts,
  database,
  client,
  epoch,
}: Kit<typeof workflowEnvironment>): Promise<Running<typeof workflowApi>> => {
  const isReplay = config.TRADING_MODE === 'replay';
  if (isReplay && !config.SIMULATOR_URL)
    throw new ConfigError([
      'SIMULATOR_URL is not set: a replay is conducted at the simulated exchange',
    ]);
  const sessions = readSessions(config.CATALYST_HOME);
  const neighbours = readNeighbours(config.CATALYST_HOME);
  const contradictions = neighbours ? findContradictions(sessions, neighbours) : [];
  // a limit may be tightened at any time: what is held is tended all the same, and health tells it
  if (contradictions.length > 0 && (await listHeld(database)).length === 0)
    throw new ConfigError(contradictions);
  // a replay waits for whoever is killed and started again; a live desk has a schedule to keep
  const patience = isReplay ? { retry_for_ms: 30_000 } : {};
  const trading = client('trading', tradingApi, patience);
  const lockstep = isReplay
    ? createLockstep(createSimulator(config.SIMULATOR_URL!), trading, config.REPLAY_START_AT!)
    : null;

  const signals = createSignalPublisher({
    redis: bus.connect(),
    log,
    readLogId: () => findLogId(database, config.RUN_ID),
    readHead: () => findHead(database),
    readAfter: (after_seq, limit) => listSignals(database, { after_seq, limit }),
  });
  const deps: FlowDeps = {
    run_id: config.RUN_ID,
    epoch,
    is_replay: isReplay,
    database,
    clock,
    bus,
    audit,
    journal,
    alerts,
    log,
    signals,
    flags: createFeatureFlags(`${config.RUN_ID}:${config.PORT}`),
    joinSecret: config.SERVICE_KEY,
    doorSecret: config.DOOR_SECRET,
    sessions,
    scale_out_at_r: config.SCALE_OUT_AT_R ?? [],
    book: createCycleBook(database, sessions),
    news: client('news', newsApi, patience),
    scanner: client('scanner', scannerApi, { ...patience, timeout_ms: LONG_CALL_MS }),
    technical: client('technical', technicalApi, patience),
    pattern: client('pattern', patternApi, patience),
    risk: client('risk', riskApi, patience),
    trading,
    reporting: client('reporting', reportingApi, { ...patience, timeout_ms: LONG_CALL_MS }),
    inTurn: createTurns(),
    settle: lockstep ? (acts_mark) => lockstep.settle(acts_mark) : async () => {},
  };
  const letKeysIn = () =>
    installKeys(deps, config.MCP_KEY_HASHES, installedScope[config.TRADING_MODE]);
  const runDueJobs = createRunDueJobs(deps, createJobBodies(deps));

  if (lockstep) {
    return {
      handlers: createRoutes(deps, {
        lockstep,
        advanceReplay: createAdvanceReplay(deps, { lockstep, runDueJobs }),
        onCycleOpened: async () => {},
      }),
      stop: signals.close,
      prepare: async () => {
        await lockstep.find();
        await deps.inTurn(() =>
          inContext({ at: lockstep.now() }, () => finishInterruptedExecutions(deps)),
        );
        await inContext({ at: lockstep.now() }, letKeysIn);
      },
    };
  }
  const day = createRunLiveDay(deps, {
    runDueJobs,
    defaults: { session_mode: config.SESSION_MODE, universe_size: config.UNIVERSE_SIZE },
  });
  /** What the market does between two jobs reaches the log within a second. */
  const stopTelling = clock.beside(1000, () =>
    tellSignals(deps).catch((error: unknown) => log.warn('signals_wait', { error })),
  );
  const heartbeat = config.CLOCK_LINE ? createClockHeartbeat(clock, log) : createCronHeartbeat(log);
  const schedule = createSchedule({ day, clock, log, heartbeat });
  const addresses = config as unknown as Record<string, string>;
  const fleet = createWatchFleet({
    parts: {
      workflow: async () => schedule.failures()[0] ?? null,
      ...Object.fromEntries(
        services.workflow.depends_on.map((name) => [
          name,
          () => askStatus(addresses[`${name.toUpperCase()}_URL`]!),
        ]),
      ),
    },
    heartbeat_url: config.HEARTBEAT_URL,
    alerts,
    clock,
    log,
  });
  return {
    handlers: createRoutes(deps, {
      lockstep: null,
      advanceReplay: null,
      onCycleOpened: schedule.arrange,
    }),
    prepare: async () => {
      await letKeysIn();
      schedule.start();
      fleet.start();
    },
    failures: schedule.failures,
    notes: () => [...contradictions, ...schedule.faults()],
    remarks: () => [schedule.remark()].filter((note) => note !== null),
    stop: async () => {
      stopTelling();
      await signals.close();
      await fleet.stop();
      await schedule.stop();
    },
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
  is_single: true,
  start,
};
