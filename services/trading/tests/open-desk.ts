import { deepStrictEqual } from 'node:assert';
import { checkRebuild } from '@catalyst/order-life';
import { readHistory } from '../src/store/history.ts';
import type { Order, OrderIntent, Position, tradingApi } from '@catalyst/contracts';
import { canonicalJson, nyseCalendar, stableId } from '@catalyst/domain';
import type { Client } from '@catalyst/service-kit';
import {
  startSimulator,
  type Day,
  type DayBar,
  type Simulator,
  type SimulatorOptions,
} from '@catalyst/simulator';
import {
  atStep,
  createTestDatabase,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@catalyst/testkit';
import { createHash } from 'node:crypto';
import { tradingService } from '../src/service.ts';
import { startFaultyBroker, type FaultyBroker } from './faulty-broker.ts';

export const TRADE_DATE = '2026-03-10';
export const CYCLE = stableId('test-cycle');
const OPEN = 570;
const CLOSE = 960;

/** A bar from four prices; `clock` is New York's. */
export const bar = (
  clock: string,
  open: number,
  high: number,
  low: number,
  close: number,
  volume = 100_000,
): DayBar => {
  const [hour, minute] = clock.split(':').map(Number);
  return {
    minute: hour! * 60 + minute!,
    open,
    high,
    low,
    close,
    volume,
    trade_count: 10,
    vwap: (high + low) / 2,
  };
};

/** A day of two quiet symbols at 100 with chosen minutes of ACME replaced. */
export const dayWith = (...replaced: DayBar[]): Day => {
  const calendar = nyseCalendar('2026-02-20', '2026-03-12');
  const chosen = new Map(replaced.map((one) => [one.minute, one]));
  const quiet = (minute: number): DayBar => ({
    minute,
    open: 100,
    high: 100,
    low: 100,
    close: 100,
    volume: 100_000,
    trade_count: 10,
    vwap: 100,
  });
  const minutes = Array.from({ length: CLOSE - OPEN }, (_, index) => OPEN + index);
  const security = (symbol: string) => ({
    symbol,
    name: `${symbol} Corporation`,
    exchange: 'NASDAQ' as const,
    sector: null,
    tradable: true,
    shortable: true,
    easy_to_borrow: true,
    marginable: true,
    fractionable: true,
  });
  return {
    dir: 'a-day-of-tests',
    trade_date: TRADE_DATE,
    kind: 'generated',
    seed: 7,
    description: '',
    notes: [],
    refused_bars: [],
    calendar,
    securities: [security('ACME'), security('OTHR')],
    minute_bars: new Map([
      ['ACME', minutes.map((minute) => chosen.get(minute) ?? quiet(minute))],
      ['OTHR', minutes.map(quiet)],
    ]),
    daily_bars: new Map(
      ['ACME', 'OTHR'].map((symbol) => [
        symbol,
        calendar
          .filter(({ date }) => date < TRADE_DATE)
          .map(({ date }) => ({
            date,
            open: 100,
            high: 101,
            low: 99,
            close: 100,
            volume: 1_000_000,
          })),
      ]),
    ),
    volume_profile: new Map(
      ['ACME', 'OTHR'].map((symbol) => [symbol, Array.from({ length: 1440 }, () => 1000)]),
    ),
    corporate_actions: [],
    news: [],
    events: [],
  };
};

/** The instant of a New York clock time on the trade date (daylight saving time: UTC-4). */
export const at = (clock: string): string =>
  new Date(
    Date.parse(`${TRADE_DATE}T${clock.length === 5 ? `${clock}:00` : clock}-04:00`),
  ).toISOString();

export interface OpenDesk {
  simulator: Simulator;
  /** Between the service and the simulator's REST API. */
  broker: FaultyBroker;
  database: TestDatabase;
  service(): TestService<typeof tradingApi>;
  /** The typed client, at the simulated time. */
  trading: Client<typeof tradingApi>;
  now(): string;
  /** Moves the exchange to a clock time and waits until the desk has heard of everything. */
  step(clock: string): Promise<void>;
  settle(): Promise<void>;
  approve(
    intent: Partial<OrderIntent>,
    approval?: { qty?: string; expires_at?: string },
  ): Promise<{ approval_id: string; intent: OrderIntent }>;
  /** Approves and submits. */
  enter(
    intent?: Partial<OrderIntent>,
    approval?: { qty?: string },
  ): Promise<{ order: Order; position: Position; parts: Order[] }>;
  position(symbol?: string): Promise<Position>;
  orders(symbol?: string): Promise<Order[]>;
  env: Record<string, string>;
  /** Writes what no code of the desk may: its rows need not be what happened any more. */
  byHand(statements: string): Promise<unknown[]>;
  /** Ends the service; the exchange goes on. */
  stop(): Promise<void>;
  /** Starts the service anew, as after a crash of the process. */
  restart(env?: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

const hash = (intent: OrderIntent): string =>
  createHash('sha256').update(canonicalJson(intent)).digest('hex');
let named = 0;

export const approveIn = async (
  database: TestDatabase['database'],
  now: string,
  fields: Partial<OrderIntent>,
  { qty = '100', expires_at = new Date(Date.parse(now) + 60_000).toISOString() } = {},
) => {
  named += 1;
  const intent: OrderIntent = {
    intent_id: stableId('intent', named),
    cycle_id: CYCLE,
    symbol: 'ACME',
    direction: 'long',
    qty: null,
    entry_price: '100',
    limit_price: '100.5',
    stop_price: '98',
    target_price: '104',
    ...fields,
  };
  const approval_id = stableId('approval', intent.intent_id);
  const [security] = await database.query<{ id: number }>(
    'SELECT get_or_create_security($1) AS id',
    [intent.symbol],
  );
  await database.query(
    `INSERT INTO trading_cycles (cycle_id, trade_date, state, session_mode, universe_size, open_at, close_at, is_half_day, created_at, updated_at) VALUES ($1, $2, 'trading', 'autonomous', 100, $3, $4, false, $3, $3) ON CONFLICT DO NOTHING`,
    [CYCLE, TRADE_DATE, at('09:30'), at('16:00')],
  );
  await database.query(
    `INSERT INTO risk_decisions (intent_id, cycle_id, security_id, intent, verdict, decision, decided_at) VALUES ($1, $2, $3, $4, 'approved', '{}', $5)`,
    [intent.intent_id, CYCLE, security!.id, JSON.stringify(intent), now],
  );
  await database.query(
    `INSERT INTO risk_approvals (approval_id, intent_id, intent_hash, cycle_id, security_id, direction, qty, entry_price, risk_usd, notional_usd, approved_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 100, 200, 10000, least($8::timestamptz, $9::timestamptz - interval '1 minute'), $9)`,
    [
      approval_id,
      intent.intent_id,
      hash(intent),
      CYCLE,
      security!.id,
      intent.direction,
      qty,
      now,
      expires_at,
    ],
  );
  return { approval_id, intent };
};

/** Arms the desk, as its operator does once. */
export const arm = (database: TestDatabase['database']) =>
  database.query(
    `INSERT INTO trading_state_changes (seq, state, act, changed_by, reason, changed_at)
     VALUES (next_seq('trading_state'), 'active', 'arm', 'test', 'armed', $1)`,
    [at('04:00')],
  );

export const openDesk = async (
  day: Day = dayWith(),
  options: Partial<SimulatorOptions> & { clock?: string; env?: Record<string, string> } = {},
): Promise<OpenDesk> => {
  const { clock = '10:00', env: more = {}, ...simulatorOptions } = options;
  const simulator = await startSimulator({ day, at: clock, ...simulatorOptions });
  const broker = await startFaultyBroker(simulator.url);
  const database = await createTestDatabase();
  await arm(database.database);
  const [account] = simulator.accounts;
  const env = {
    ALPACA_API_KEY: account!.key_id,
    ALPACA_SECRET_KEY: account!.secret_key,
    ALPACA_TRADING_URL: broker.url,
    ALPACA_DATA_URL: simulator.url,
    ALPACA_STREAM_URL: simulator.stream_url,
    RUN_ID: 'test',
    ...more,
  };
  let service: TestService<typeof tradingApi> | null = null;
  const start = async (extra: Record<string, string> = {}) => {
    service = await startTestService(tradingService, {
      database_url: database.url,
      env: { ...env, ...extra },
      replay_start_at: at('04:00'),
    });
  };
  await start();
  const now = () => new Date(simulator.simulation.now()).toISOString();
  const running = () => {
    if (!service) throw new Error('the service is not running');
    return service;
  };
  const trading = new Proxy({} as Client<typeof tradingApi>, {
    get: (_target, name: keyof typeof tradingApi) => (input: never) =>
      atStep(now(), () => (running().client()[name] as (given: never) => Promise<unknown>)(input)),
  });
  const settle = async () => {
    const seq = () => simulator.simulation.accounts[0]!.seq;
    for (let to = seq(), settled = -1; to !== settled; to = seq()) {
      await trading.drainStream({ body: { to_seq: to } });
      settled = to;
    }
  };
  let isByHand = false;
  const desk: OpenDesk = {
    byHand: (statements) => {
      isByHand = true;
      return database.database.query(
        `SET session_replication_role = replica; ${statements}; RESET session_replication_role`,
      );
    },
    simulator,
    broker,
    database,
    trading,
    now,
    settle,
    env,
    service: running,
    step: async (to) => {
      simulator.simulation.stepTo(Date.parse(at(to)));
      await settle();
    },
    approve: (fields, approval) => approveIn(database.database, now(), fields, approval),
    enter: async (fields = {}, approval = {}) => {
      const answer = await trading.submitOrder({ body: await desk.approve(fields, approval) });
      await settle();
      return answer;
    },
    position: async (symbol = 'ACME') => {
      const { positions } = await trading.listPositions({ query: {} });
      const found = positions.filter((position) => position.symbol === symbol).at(-1);
      if (!found) throw new Error(`no position in ${symbol}`);
      return found;
    },
    orders: async (symbol = 'ACME') =>
      (await trading.listOrders({ query: {} })).orders.filter((order) => order.symbol === symbol),
    stop: async () => {
      await service?.close();
      service = null;
    },
    restart: async (extra) => {
      await desk.stop();
      await start(extra);
    },
    close: async () => {
      await service?.close();
      await broker.close();
      await simulator.close();
      const rebuilt = checkRebuild(await readHistory(database.database));
      await database.drop();
      // whatever was done to this desk, its rows are what happened
      if (!isByHand) deepStrictEqual([rebuilt.left_out, rebuilt.differences], [[], []]);
    },
  };
  return desk;
};
