import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  riskApi,
  serviceNames,
  tradingApi,
  workflowApi,
  type ServiceName,
} from '@catalyst/contracts';
import { newYorkTime } from '@catalyst/domain';
import {
  createTimekeeper,
  startDesk,
  type LedgerRow,
  type RunningDesk,
  type Timekeeper,
} from '@catalyst/platform';
import {
  createClient,
  createDatabase,
  createLog,
  type Client,
  type Database,
} from '@catalyst/service-kit';
import { startBrokerGate, type BrokerGate } from './broker-gate.ts';
import { followBroker, type BrokerView } from './broker-view.ts';
import { createDatabaseGate, type DatabaseGate } from './database-gate.ts';
import { BY, createDeskOperator, type DeskOperator } from './desk-operator.ts';
import { TRADE_DATE, writeDrillDay } from './drill-day.ts';

const STARTS_AT = '10:05';
const START_MS = 60_000;
/** So little of a minute's volume that a large order is filled in parts. */
const VOLUME_SHARE = 0.0025;
const MINUTE_MS = 60_000;
/** A desk whose broker is in trouble works without a rest for longer than a healthy one. */
const STUCK_AFTER_MS = 300_000;
const TRADING_WITHIN_MINUTES = 20;

export interface DrillDesk extends DeskOperator {
  desk: RunningDesk;
  /** Where its PostgreSQL keeps its data. */
  postgres_dir: string;
  /** The exchange's files of its day, for another desk. */
  day_dir: string;
  /** Lets the desk's time go on, over what is idle. */
  pass(ms: number): Promise<void>;
  /** New York's time of the desk, in milliseconds; it passes as the wall's while the drill works. */
  now(): number;
  /** Sets the clock of one service wrong by so many milliseconds; 0 sets it right. */
  setClockWrong(service: ServiceName, off_ms: number): Promise<void>;
  broker: BrokerGate;
  gates: { broker: BrokerGate; database: DatabaseGate };
  database: Database;
  workflow: Client<typeof workflowApi>;
  trading: Client<typeof tradingApi>;
  risk: Client<typeof riskApi>;
  /** What the broker has, read past the gate. */
  view(): Promise<BrokerView>;
  ledger(): Promise<LedgerRow[]>;
  pidOf(service: ServiceName): number | null;
  allReady(): Promise<boolean>;
  stop(): Promise<void>;
}

/** The drill's own limits: hit by trade after trade in the same few minutes, none may be in its way. */
const setLimits = (home: string): void => {
  const path = join(home, 'config', 'risk_parameters.yaml');
  const wide: Record<string, string> = {
    duplicate_window_seconds: '5',
    max_consecutive_losses_per_symbol: '10',
    symbol_cool_down_seconds: '1',
    max_stop_true_ranges: '5',
  };
  let text = readFileSync(path, 'utf8');
  for (const [name, value] of Object.entries(wide))
    text = text.replace(new RegExp(`^${name}:.*$`, 'm'), `${name}: ${value}`);
  writeFileSync(path, text);
};

const untilTrading = async (
  timekeeper: Timekeeper,
  workflow: Client<typeof workflowApi>,
): Promise<void> => {
  for (let minute = 0; minute < TRADING_WITHIN_MINUTES; minute += 1) {
    await timekeeper.runTo(timekeeper.now() + MINUTE_MS);
    const state = await workflow.showCurrentCycle().then(
      ({ cycle }) => cycle.state,
      () => null, // its day is not open yet
    );
    if (state === 'trading') return;
  }
  throw new Error(
    `the desk did not begin to trade within ${TRADING_WITHIN_MINUTES} minutes of its start`,
  );
};

/**
 * A paper desk with its own PostgreSQL and Redis at the simulated exchange, on a day of invented
 * stocks, in supervised mode: only the drill trades. Its gates stand between it and its broker.
 */
export const startDrillDesk = async ({
  home,
  seed,
  signal,
  on_progress = () => {},
}: {
  home: string;
  seed: number;
  signal?: AbortSignal;
  on_progress?: (line: string) => void;
}): Promise<DrillDesk> => {
  const day_dir = join(home, 'day');
  const { stocks, large } = await writeDrillDay(day_dir, seed);
  const starts_at = Date.parse(newYorkTime(TRADE_DATE, STARTS_AT));
  const timekeeper = createTimekeeper(starts_at - START_MS, STUCK_AFTER_MS);
  let broker: BrokerGate | undefined;
  const desk = await startDesk({
    home,
    mode: 'paper',
    day_dir,
    timekeeper,
    simulator_args: [
      ...['--like', 'paper', '--volume-share', String(VOLUME_SHARE)],
      // trade after trade and start after start: a day's requests come in a few minutes
      ...['--rate-limit', '10000'],
    ],
    before_fleet: async ({ home: service_home, simulator }) => {
      setLimits(service_home);
      broker = await startBrokerGate(simulator!);
      return {
        stop: broker.close,
        env: {
          SESSION_MODE: 'supervised',
          ALPACA_TRADING_URL: broker.url,
          ALPACA_DATA_URL: broker.url,
          ALPACA_STREAM_URL: broker.stream_url,
        },
      };
    },
    env: {},
    on_progress,
    on_event: () => {}, // what ends is started again: the drill is about that
    ...(signal === undefined ? {} : { signal }),
  });
  const { urls, keys } = desk.fleet;
  const database = createDatabase(desk.database_url, {
    log: createLog('drill', 'error'),
    application_name: 'catalyst-drill',
    max_connections: 2,
  });
  const options = (service: ServiceName) => ({
    service,
    base_url: urls[service],
    api_key: keys.cli,
    retry_for_ms: 60_000,
  });
  const workflow = createClient(workflowApi, options('workflow'));
  const trading = createClient(tradingApi, options('trading'));
  const risk = createClient(riskApi, options('risk'));
  const stop = async (): Promise<void> => {
    await database.close();
    await desk.stop();
  };
  try {
    await risk.arm({ body: { by: BY, reason: 'the drill arms its own desk' } });
    await untilTrading(timekeeper, workflow);
    const simulator = desk.simulator!;
    const gates = { broker: broker!, database: await createDatabaseGate(desk.database_url) };
    return {
      desk,
      postgres_dir: join(home, 'parts', 'postgres'),
      day_dir,
      now: timekeeper.now,
      setClockWrong: timekeeper.setWrong,
      broker: broker!,
      gates,
      database,
      workflow,
      trading,
      risk,
      pass: (ms) => timekeeper.runTo(timekeeper.now() + ms),
      ...createDeskOperator({ workflow, trading, timekeeper, stocks, large }),
      ...followBroker(simulator.url),
      pidOf: (service) =>
        desk.fleet.processes().find((one) => one.service === service)?.pid ?? null,
      allReady: async () => {
        const answers = await Promise.all(
          serviceNames.map((service) =>
            fetch(`${urls[service]}/health/ready`, { signal: AbortSignal.timeout(1000) }).then(
              async (answer) => (await answer.arrayBuffer(), answer.ok),
              () => false, // it is away
            ),
          ),
        );
        return answers.every(Boolean);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
