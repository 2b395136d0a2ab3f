import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import type { tradingApi } from '@catalyst/contracts';
import { type Position } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { type Client } from '@catalyst/service-kit';
import { startSimulator, type Simulator } from '@catalyst/simulator';
import { atStep, createTestDatabase, eventually, type TestDatabase } from '@catalyst/testkit';
import { approveIn, arm, CYCLE } from './approved-intents.ts';
import { startFaultyBroker, type FaultyBroker, type Passing } from './faulty-broker.ts';
import { at, dayWith } from './quiet-day.ts';
import { tradingProcess, type TradingProcess } from './trading-process.ts';

let simulator: Simulator;
let broker: FaultyBroker;
let database: TestDatabase;
let client: Client<typeof tradingApi>;
let trading: TradingProcess;
let child: ChildProcess | null = null;
let starts = 0;
let stopping = false;

/** Keeps the service running, as a supervisor does. */
const run = (): void => {
  starts += 1;
  child = trading.start();
  child.once('exit', () => {
    child = null;
    if (!stopping) run();
  });
};
const kill = (): void => void child?.kill('SIGKILL');

beforeAll(async () => {
  simulator = await startSimulator({ day: dayWith(), at: '10:00' });
  broker = await startFaultyBroker(simulator.url);
  database = await createTestDatabase();
  await arm(database.database);
  trading = await tradingProcess({
    database,
    simulator,
    broker_url: broker.url,
    env: { TRADING_MODE: 'replay', REPLAY_START_AT: at('04:00'), RUN_ID: 'kill' },
  });
  client = trading.client(20_000);
  run();
  await eventually(async () => expect(await trading.isReady()).toBe(true), 20_000);
});
afterAll(async () => {
  stopping = true;
  kill();
  await broker.close();
  await simulator.close();
  await database.drop();
});

const now = () => new Date(simulator.simulation.now()).toISOString();
const asked = <T>(work: () => Promise<T>): Promise<T> => atStep(now(), work);
const settle = async (): Promise<void> => {
  const seq = () => simulator.simulation.accounts[0]!.seq;
  for (let to = seq(), settled = -1; to !== settled; to = seq()) {
    await asked(() => client.drainStream({ body: { to_seq: to } }));
    settled = to;
  }
};
const step = async (): Promise<void> => {
  simulator.simulation.stepTo(simulator.simulation.now() + 60_000);
  await settle();
};
const monitor = () => asked(() => client.monitorPositions({ body: { cycle_id: CYCLE } }));

const place = ({ method, path }: Passing) => method === 'POST' && path === '/v2/orders';
const cancel = ({ method, path }: Passing) => method === 'DELETE' && path.startsWith('/v2/orders/');
const look = ({ method, path }: Passing) =>
  method === 'GET' && /^\/v2\/orders\/[0-9a-f-]{36}/.test(path);
const account = ({ method, path }: Passing) => method === 'GET' && path === '/v2/account';

/**
 * Where the process dies: as the nth such request of the round reaches the broker, or after the
 * broker did what was asked.
 */
const deaths: [string, (passing: Passing) => boolean, number, Passing['phase']][] = [
  ['before the broker has the entry', place, 1, 'request'],
  ['after the broker has the entry, before the desk knows', place, 1, 'answer'],
  ["before the exit's first cancel", cancel, 1, 'request'],
  ["after the exit's first cancel", cancel, 1, 'answer'],
  ['while it waits for the cancel', look, 1, 'answer'],
  ['before the broker has the exit', place, 2, 'request'],
  ['after the broker has the exit, before the desk knows', place, 2, 'answer'],
  ['while it monitors', account, 1, 'answer'],
];

let round = 0;
/**
 * One trade from approval to flat, with a protection that was lost in between; the service dies
 * where it is told.
 */
const trade = async (): Promise<Position> => {
  round += 1;
  const submission = await approveIn(database.database, now(), { limit_price: null });
  const { position } = await asked(() => client.submitOrder({ body: submission }));
  await settle();
  await step();
  await monitor();
  await settle();
  const [held] = (await asked(() => client.listPositions({ query: { status: 'open' } }))).positions;
  expect(held).toMatchObject({ qty: '100', status: 'open', is_protected: true });
  const working = [...simulator.simulation.accounts[0]!.alive.values()];
  expect(working.map(({ role }) => role).sort()).toEqual(['stop_loss', 'take_profit']);
  await asked(() =>
    client.closePosition({
      params: { position_id: position.position_id },
      body: { request_id: stableId('close', round), by: 'test', reason: 'manual' },
    }),
  );
  await settle();
  await step();
  await monitor();
  return asked(() => client.showPosition({ params: { position_id: position.position_id } }));
};

const expectNothingLostOrDoubled = async (trades: number): Promise<void> => {
  const [account] = simulator.simulation.accounts;
  expect(account!.positions.size).toBe(0);
  expect(account!.alive.size).toBe(0);
  // each trade: a bracket of three and one exit
  expect(account!.orders.size).toBe(trades * 4);
  expect(account!.activities).toHaveLength(trades * 2);
  const [fills] = await database.database.query<{ n: number; last: number }>(
    'SELECT count(*) AS n, max(seq) AS last FROM fills',
  );
  expect(fills).toEqual({ n: trades * 2, last: trades * 2 });
  expect(await asked(() => client.reconcile({ body: { cycle_id: null } }))).toMatchObject({
    reconciled: true,
    open_positions: 0,
    open_orders: 0,
  });
};

describe('a service that is killed with -9', () => {
  it.each(deaths)(
    '%s loses nothing, doubles nothing and leaves nothing naked',
    async (_name, isIt, nth, phase) => {
      const before = starts;
      let seen = 0;
      let isDead = false;
      broker.onPassing((passing) => {
        if (isDead || passing.phase !== phase || !isIt(passing) || (seen += 1) < nth) return 'pass';
        isDead = true;
        kill();
        return 'drop';
      });
      expect(await trade()).toMatchObject({
        status: 'closed',
        entered_qty: '100',
        qty: '0',
        exit_reason: 'manual',
      });
      expect(starts).toBe(before + 1);
      await expectNothingLostOrDoubled(round);
    },
    90_000,
  );

  it('again and again at any moment loses nothing, doubles nothing and leaves nothing naked', async () => {
    broker.onPassing(() => 'pass');
    const before = starts;
    let dying = true;
    const killer = (async () => {
      for (let n = 0; dying && n < 12; n += 1) {
        await new Promise((resolve) => setTimeout(resolve, 400 + ((n * 137) % 300)));
        if (dying) kill();
      }
    })();
    for (let n = 0; n < 3; n += 1)
      expect(await trade()).toMatchObject({
        status: 'closed',
        entered_qty: '100',
        exit_reason: 'manual',
      });
    dying = false;
    await killer;
    expect(starts).toBeGreaterThan(before);
    await eventually(async () => expect(await trading.isReady()).toBe(true), 20_000);
    await expectNothingLostOrDoubled(round);
  }, 180_000);
});

describe('a protection that the broker takes for the day only', () => {
  beforeAll(async () => {
    await fetch(`${simulator.url}/sim/faults`, {
      method: 'POST',
      body: JSON.stringify({ where: { market: 'ACME' }, what: { kind: 'day_orders_only' } }),
    });
  });

  it.each([
    ['before the broker has seen the first', 'gtc', 'request'],
    ['after the broker refused the first, before the desk knows', 'gtc', 'answer'],
    ['before the broker has the one for the day', 'day', 'request'],
    ['after the broker has the one for the day, before the desk knows', 'day', 'answer'],
  ] as const)(
    'is placed once where the service is killed with -9 %s',
    async (_name, time_in_force, phase) => {
      round += 1;
      broker.onPassing(() => 'pass');
      const [account] = simulator.simulation.accounts;
      const { position } = await asked(async () =>
        client.submitOrder({
          body: await approveIn(database.database, now(), { limit_price: null }),
        }),
      );
      await settle();
      await step();
      const before = account!.orders.size;
      const startsBefore = starts;
      let isDead = false;
      broker.onPassing((passing) => {
        if (
          isDead ||
          !place(passing) ||
          passing.phase !== phase ||
          JSON.parse(passing.body).time_in_force !== time_in_force
        )
          return 'pass';
        isDead = true;
        kill();
        return 'drop';
      });
      simulator.exchange.cancelAll(account!, 'ACME');
      await settle();
      await monitor();
      expect(starts).toBe(startsBefore + 1);
      expect(
        await asked(() => client.showPosition({ params: { position_id: position.position_id } })),
      ).toMatchObject({ status: 'open', qty: '100', is_protected: true });
      expect(account!.orders.size).toBe(before + 2);
      expect(
        [...account!.alive.values()]
          .map(({ role, time_in_force: force, qty }) => `${role} ${force} ${qty.toFixed()}`)
          .sort(),
      ).toEqual(['stop_loss day 100', 'take_profit day 100']);
      await asked(() =>
        client.closePosition({
          params: { position_id: position.position_id },
          body: { request_id: stableId('close', round), by: 'test', reason: 'manual' },
        }),
      );
      await settle();
      await step();
      expect(
        await asked(() => client.showPosition({ params: { position_id: position.position_id } })),
      ).toMatchObject({ status: 'closed', entered_qty: '100', qty: '0' });
      expect(account!.alive.size).toBe(0);
      expect(await asked(() => client.reconcile({ body: { cycle_id: null } }))).toMatchObject({
        reconciled: true,
        open_positions: 0,
        open_orders: 0,
      });
    },
    90_000,
  );
});

describe("a person's own exit", () => {
  it.each([
    ['before its first cancel', cancel, 'request'],
    ['after its first cancel', cancel, 'answer'],
    ['before the broker has it', place, 'request'],
    ['after the broker has it, before the desk knows', place, 'answer'],
  ] as const)(
    'is there once, and guards all the shares, where the service is killed with -9 %s',
    async (name, isIt, phase) => {
      await fetch(`${simulator.url}/sim/faults`, { method: 'DELETE' });
      broker.onPassing(() => 'pass');
      const [account] = simulator.simulation.accounts;
      const { position } = await asked(async () =>
        client.submitOrder({
          body: await approveIn(database.database, now(), { limit_price: null }),
        }),
      );
      const params = { position_id: position.position_id };
      await settle();
      await step();
      await monitor();
      const before = { orders: account!.orders.size, starts };
      let isDead = false;
      broker.onPassing((passing) => {
        if (isDead || passing.phase !== phase || !isIt(passing)) return 'pass';
        isDead = true;
        kill();
        return 'drop';
      });
      const body = {
        request_id: stableId('own exit', name),
        by: 'test',
        exit: { kind: 'trailing_percent', trail_percent: '1' } as const,
      };
      expect((await asked(() => client.placeExit({ params, body }))).position).toMatchObject({
        status: 'open',
        qty: '100',
        is_protected: true,
      });
      await settle();
      await monitor();
      expect(starts).toBe(before.starts + 1);
      const alive = () =>
        [...account!.alive.values()].map(({ type, qty }) => `${type} ${qty.toFixed()}`);
      expect(alive()).toEqual(['trailing_stop 100']);
      expect(await asked(() => client.reconcile({ body: { cycle_id: null } }))).toMatchObject({
        reconciled: true,
        open_positions: 1,
        open_orders: 1,
      });
      await asked(() =>
        client.closePosition({
          params,
          body: { request_id: stableId('close', name), by: 'test', reason: 'manual' },
        }),
      );
      await settle();
      await step();
      expect(await asked(() => client.showPosition({ params }))).toMatchObject({
        status: 'closed',
        qty: '0',
      });
      expect(account!.alive.size).toBe(0);
    },
    90_000,
  );
});
