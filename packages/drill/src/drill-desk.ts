import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  riskApi,
  serviceNames,
  tradingApi,
  workflowApi,
  type ServiceName,
  type StandingPosition,
} from '@catalyst/contracts';
import { newYorkTime, type OwnExit } from '@catalyst/domain';
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
import { generateDay, writeDay } from '@catalyst/simulator';
import { startBrokerGate, type BrokerGate } from './broker-gate.ts';
import { createDatabaseGate, type DatabaseGate } from './database-gate.ts';
import { followBroker, type BrokerView } from './broker-view.ts';

const TRADE_DATE = '2026-03-24';
const STARTS_AT = '10:05';
const START_MS = 60_000;
const SYMBOLS = 40;
/** So little of a minute's volume that a large order is filled in parts. */
const VOLUME_SHARE = 0.0025;
/** Shares that the market gives at once, and takes back in the same minute; and those that it does not. */
export const SMALL = { qty: '3', needs: (volumes: number[]) => Math.min(...volumes) >= 2400 };
export const LARGE = { qty: '70', needs: (volumes: number[]) => Math.max(...volumes) <= 26_000 };
/** Minutes since midnight in which the drill can be expected to trade. */
const DRILL_MINUTES = { from: 605, to: 720 };
const MINUTE_MS = 60_000;
/** A desk whose broker is in trouble works without a rest for longer than a healthy one. */
const STUCK_AFTER_MS = 300_000;
const TRADING_WITHIN_MINUTES = 20;
const BY = 'drill';
/** A limit far above the price, which moves the target; or a stop that trails a little nearer. */
export type OwnExitKind = 'limit' | 'trail';
const LIMIT_RATIO = 1.05;
const TRAIL_RATIO = 0.9;
/** Prices of what is held are read as often. */
const PRICED_MS = 5000;

export interface DrillDesk {
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
  /** A stock and a proposal to buy it that risk would let pass. */
  propose(size: typeof SMALL): Promise<{ symbol: string; proposal_id: string }>;
  /** A person's yes to a proposal, said until there is an answer. */
  execute(proposal_id: string): Promise<{ state: string; outcome: string | null }>;
  /** A person's close of what is held in a symbol; nothing where nothing is. */
  leave(symbol: string): Promise<void>;
  /** An exit of a person's own for what is held in a symbol, which waits at the broker. */
  leaveBy(symbol: string, kind: OwnExitKind): Promise<void>;
  /** The operator's halt, and the end of it. */
  halt(): Promise<void>;
  flatten(): Promise<void>;
  resume(): Promise<void>;
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
  const day = generateDay({ trade_date: TRADE_DATE, seed, symbols: SYMBOLS });
  await writeDay(day, day_dir);
  const odd = new Set(day.events.map(({ symbol }) => symbol));
  const volumesOf = (symbol: string): number[] =>
    day.minute_bars
      .get(symbol)!
      .filter(({ minute }) => minute >= DRILL_MINUTES.from && minute < DRILL_MINUTES.to)
      .map(({ volume }) => volume);
  const stocks = day.securities
    .map(({ symbol }) => symbol)
    .filter((symbol) => !odd.has(symbol) && SMALL.needs(volumesOf(symbol)));
  const large = stocks.filter((symbol) => LARGE.needs(volumesOf(symbol)));
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
    let used = 0;
    const gates = { broker: broker!, database: await createDatabaseGate(desk.database_url) };
    const untilAnswered = async <T>(ask: () => Promise<T>): Promise<T> => {
      const give_up_at = performance.now() + 60_000;
      for (;;) {
        try {
          return await ask();
        } catch (error) {
          const { code = '' } = error as { code?: string };
          const mayPass = ['SERVICE_UNAVAILABLE', 'TIMED_OUT', 'NOT_READY', 'OUTCOME_UNKNOWN'];
          if (!mayPass.includes(code) || performance.now() > give_up_at) throw error;
          await pause(100);
        }
      }
    };
    const heldIn = async (symbol: string): Promise<StandingPosition | undefined> => {
      const { positions } = await untilAnswered(() =>
        trading.listPositions({ query: { status: 'open' } }),
      );
      return positions.find((one) => one.symbol === symbol);
    };
    /** What is held, once the desk knows its price: it places no exit without. */
    const pricedIn = async (symbol: string): Promise<StandingPosition> => {
      for (;;) {
        const held = await heldIn(symbol);
        if (held === undefined) throw new Error(`${symbol} is not held`);
        if (held.last_price !== null) return held;
        await timekeeper.runTo(timekeeper.now() + PRICED_MS);
      }
    };
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
      propose: async (size) => {
        const from = size === LARGE ? large : stocks;
        let reason = '';
        for (let tries = 0; tries < from.length; tries += 1) {
          const symbol = from[(used += 1) % from.length]!;
          const proposal = await untilAnswered(() =>
            workflow.previewTrade({
              body: { symbol, side: 'buy', qty: size.qty, by: BY, request_id: randomUUID() },
            }),
          ).catch((error: unknown) => {
            if ((error as { code?: string }).code !== 'INVALID_REQUEST') throw error;
            reason = (error as Error).message;
            return null;
          });
          // an old quote, a stop too near, a target too low: another stock will do
          if (proposal?.verdict.verdict === 'approved')
            return { symbol, proposal_id: proposal.proposal_id };
          if (proposal) reason = proposal.verdict.message ?? reason;
        }
        throw new Error(`risk would let no trade of the drill pass: ${reason}`);
      },
      execute: (proposal_id) =>
        untilAnswered(() =>
          workflow.executeProposal({ params: { proposal_id }, body: { by: BY } }),
        ),
      leave: async (symbol) => {
        const held = await heldIn(symbol);
        if (held === undefined) return;
        const request_id = randomUUID();
        await untilAnswered(() =>
          workflow.closePosition({
            params: { position_id: held.position_id },
            body: { by: BY, reason: 'the drill leaves', request_id },
          }),
        );
      },
      leaveBy: async (symbol, kind) => {
        const { position_id, last_price, live_stop_price } = await pricedIn(symbol);
        const price = Number(last_price);
        const exit: OwnExit =
          kind === 'limit'
            ? { kind, limit_price: (price * LIMIT_RATIO).toFixed(2) }
            : {
                kind: 'trailing_dollars',
                trail_price: ((price - Number(live_stop_price)) * TRAIL_RATIO).toFixed(2),
              };
        const request_id = randomUUID();
        await untilAnswered(() =>
          workflow.placeExit({
            params: { position_id },
            body: { exit, by: BY, reason: 'the drill leaves by its own order', request_id },
          }),
        );
      },
      halt: async () =>
        void (await workflow.changeTradingState({
          body: { act: 'halt', by: BY, reason: 'the drill halts' },
        })),
      flatten: async () =>
        void (await workflow.changeTradingState({
          body: { act: 'flatten', by: BY, reason: 'the drill flattens' },
        })),
      resume: async () =>
        void (await untilAnswered(() =>
          workflow.changeTradingState({
            body: { act: 'resume', by: BY, reason: 'the drill goes on' },
          }),
        )),
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
