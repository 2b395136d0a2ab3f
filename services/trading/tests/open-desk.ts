import { deepStrictEqual } from 'node:assert';
import { checkRebuild } from '@catalyst/order-life';
import { readHistory } from '../src/store/history.ts';
import type { Order, OrderIntent, Position, tradingApi } from '@catalyst/contracts';
import type { Client } from '@catalyst/service-kit';
import {
  startSimulator,
  type Day,
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
import { tradingService } from '../src/service.ts';
import { approveIn, arm } from './approved-intents.ts';
import { startFaultyBroker, type FaultyBroker } from './faulty-broker.ts';
import { at, dayWith } from './quiet-day.ts';

// with what a desk is opened: one import for who brings a day of its own
export { approveIn, arm, CYCLE } from './approved-intents.ts';
export { at, bar, dayWith } from './quiet-day.ts';

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
