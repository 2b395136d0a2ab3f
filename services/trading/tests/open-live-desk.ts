import { checkRebuild } from '@catalyst/order-life';
import { readHistory } from '../src/store/history.ts';
import { expect } from '@jest/globals';
import type { Health, Order, StandingPosition, tradingApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { createLineClock, type Client } from '@catalyst/service-kit';
import {
  startSimulator,
  type Day,
  type Simulator,
  type SimulatorOptions,
} from '@catalyst/simulator';
import {
  createTestDatabase,
  createTestKeys,
  eventually,
  startCutOff,
  startTestService,
  type CutOff,
  type TestDatabase,
} from '@catalyst/testkit';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tradingService } from '../src/service.ts';
import { approveIn, arm } from './approved-intents.ts';
import { startFaultyBroker, type FaultyBroker } from './faulty-broker.ts';
import { at, dayWith } from './quiet-day.ts';

/** A quiet day with more symbols than two. */
const dayOf = (symbols: readonly string[]): Day => {
  const day = dayWith();
  const like = day.securities[1]!;
  for (const symbol of symbols.filter((one) => !day.minute_bars.has(one))) {
    (day.securities as (typeof like)[]).push({ ...like, symbol, name: `${symbol} Corporation` });
    day.minute_bars.set(symbol, day.minute_bars.get('OTHR')!);
    day.daily_bars.set(symbol, day.daily_bars.get('OTHR')!);
    day.volume_profile.set(symbol, day.volume_profile.get('OTHR')!);
  }
  return day;
};

/** A paper desk on a running clock, with its own ticker: what the stream tells comes by itself. */
export interface LiveDesk {
  simulator: Simulator;
  broker: FaultyBroker;
  database: TestDatabase;
  trading: Client<typeof tradingApi>;
  client(caller: 'cli' | 'orchestration'): Client<typeof tradingApi>;
  /** Between the service and its database. */
  network: CutOff;
  url: string;
  home: string;
  env: Record<string, string>;
  keys: ReturnType<typeof createTestKeys>;
  now(): string;
  positions(): Promise<StandingPosition[]>;
  orders(symbol: string): Promise<Order[]>;
  /** Buys 10 shares of each and waits until they are held and protected. */
  hold(...symbols: string[]): Promise<void>;
  health(): Promise<Health>;
  alerts(code: string): Promise<{ severity: string; message: string }[]>;
  /** What is held at the broker, by symbol. */
  held(): Record<string, number>;
  close(): Promise<void>;
}

interface Options extends Partial<SimulatorOptions> {
  symbols?: readonly string[];
  clock?: string;
  /** False leaves out what time brings: the desk acts on what it is told alone. */
  ticks?: boolean;
  env?: Record<string, string>;
}

export const openLiveDesk = async ({
  symbols = [],
  clock = '10:00',
  ticks = true,
  env: more = {},
  ...options
}: Options = {}): Promise<LiveDesk> => {
  const line = {
    w0: performance.timeOrigin + performance.now(),
    s0: Date.parse(at(clock)),
    f: 1,
  };
  const simulator = await startSimulator({
    day: dayOf(symbols),
    at: '09:00',
    ...options,
    clock: 'line',
    line,
  });
  const broker = await startFaultyBroker(simulator.url);
  const database = await createTestDatabase();
  await arm(database.database);
  const network = await startCutOff(database.url);
  const keys = createTestKeys();
  const home = mkdtempSync(join(tmpdir(), 'catalyst-test-'));
  const [account] = simulator.accounts;
  const env = {
    ALPACA_API_KEY: account!.key_id,
    ALPACA_SECRET_KEY: account!.secret_key,
    ALPACA_TRADING_URL: broker.url,
    ALPACA_DATA_URL: simulator.url,
    ALPACA_STREAM_URL: simulator.stream_url,
    RUN_ID: 'test',
    CATALYST_HOME: home,
    ...more,
  };
  // the line of the exchange: a process of a rehearsal is given it by its parent
  const lineClock = createLineClock(line);
  const clockOnLine = ticks
    ? lineClock
    : { ...lineClock, beside: () => () => {}, at: () => () => {} };
  const service = await startTestService(
    {
      ...tradingService,
      start: (kit) => tradingService.start({ ...kit, clock: clockOnLine }),
    },
    { database_url: network.url, keys, env },
  );
  const trading = service.client();
  const now = (): string =>
    new Date(line.s0 + performance.timeOrigin + performance.now() - line.w0).toISOString();
  const desk: LiveDesk = {
    simulator,
    broker,
    database,
    trading,
    client: (caller) => service.client(caller),
    network,
    url: service.url,
    home,
    env,
    keys,
    now,
    positions: async () => (await trading.listPositions({ query: { status: 'open' } })).positions,
    orders: async (symbol) =>
      (await trading.listOrders({ query: {} })).orders.filter((order) => order.symbol === symbol),
    hold: async (...wanted) => {
      for (const symbol of wanted)
        await trading.submitOrder({
          body: await approveIn(
            database.database,
            now(),
            { symbol, limit_price: null },
            { qty: '10' },
          ),
        });
      await eventually(async () => {
        const positions = await desk.positions();
        for (const symbol of wanted)
          expect(positions.find((one) => one.symbol === symbol)).toMatchObject({
            qty: '10',
            is_protected: true,
          });
      }, 20_000);
    },
    health: async () => (await (await fetch(`${service.url}/health`)).json()) as Health,
    alerts: (code) =>
      database.database.query('SELECT severity, message FROM alerts WHERE code = $1', [code]),
    held: () =>
      Object.fromEntries(
        [...simulator.simulation.accounts[0]!.positions.values()].map(({ symbol, qty }) => [
          symbol,
          qty.toNumber(),
        ]),
      ),
    close: async () => {
      network.mend();
      await service.close();
      await network.close();
      await broker.close();
      await simulator.close();
      const rebuilt = checkRebuild(await readHistory(database.database));
      await database.drop();
      // whatever was done to this desk, its rows are what happened
      expect([rebuilt.left_out, rebuilt.differences]).toEqual([[], []]);
    },
  };
  return desk;
};

export const word = (name: string) => ({ request_id: stableId('word', name), by: 'test' });
