import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { startSimulator, type DayBar, type Simulator } from '@catalyst/simulator';
import { atStep, createTestDatabase, eventually, type TestDatabase } from '@catalyst/testkit';
import type { ChildProcess } from 'node:child_process';
import { startFaultyBroker, type FaultyBroker, type Passing } from './faulty-broker.ts';
import { approveIn, arm, at, bar, CYCLE, dayWith, type OpenDesk, openDesk } from './open-desk.ts';
import { openLiveDesk, type LiveDesk } from './open-live-desk.ts';
import { tradingProcess, type TradingProcess } from './trading-process.ts';

const RULED = { STOP_TO_ENTRY_AT_R: '1', STOP_TRAILS_BY_RANGES: '3' };

/** ACME climbs by a quarter each minute from 10:01 to 103, stands, and falls back a little. */
const climbing = (): DayBar[] => {
  const closes = [
    ...Array.from({ length: 12 }, (_, index) => 100.25 + index * 0.25),
    103,
    103,
    102.8,
    102.7,
  ];
  return closes.map((close, index) => {
    const open = closes[index - 1] ?? 100;
    const clock = `10:${String(index + 1).padStart(2, '0')}`;
    return bar(clock, open, Math.max(open, close), Math.min(open, close), close);
  });
};
/** ACME stands at 100 from the open on, and swings so far to both sides each minute. */
const swinging = (minutes: number, by: number): DayBar[] =>
  Array.from({ length: minutes }, (_, index) => {
    const clock = `${index < 30 ? '09' : '10'}:${String((30 + index) % 60).padStart(2, '0')}`;
    return bar(clock, 100, 100 + by, 100 - by, 100);
  });
interface Moved {
  from: string;
  to: string;
  rule: string;
  why: string;
}
const movesOf = (database: TestDatabase) =>
  database.database.query<Moved>(
    `SELECT details->>'from' AS from, details->>'to' AS to, details->>'rule' AS rule,
       details->>'why' AS why
     FROM audit_log WHERE action = 'stop_moved_by_rule' ORDER BY seq`,
  );
const stopsAtBroker = (simulator: Simulator) =>
  [...simulator.simulation.accounts[0]!.alive.values()]
    .filter(({ stop_price }) => stop_price !== null)
    .map(({ qty, stop_price }) => [qty.toNumber(), stop_price!.toNumber()]);

describe('in a replay', () => {
  let desk: OpenDesk;
  afterEach(() => desk?.close());
  const monitor = () => desk.trading.monitorPositions({ body: { cycle_id: CYCLE } });
  const minute = async (clock: string) => {
    await desk.step(clock);
    await monitor();
    await desk.settle();
  };

  it('a stop goes to the entry after one R and then follows the best close, and never back', async () => {
    desk = await openDesk(dayWith(...swinging(30, 0.4), ...climbing()), { env: RULED });
    await desk.enter({ limit_price: null, target_price: '110' });
    const seen: number[] = [];
    for (let clock = 1; clock <= 17; clock += 1) {
      await minute(`10:${String(clock).padStart(2, '0')}`);
      const [stop, ...others] = stopsAtBroker(desk.simulator);
      expect(others).toEqual([]);
      expect(stop![0]).toBe(100);
      seen.push(stop![1]!);
    }
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    const moves = await movesOf(desk.database);
    expect(moves[0]).toMatchObject({ from: '98' });
    expect(moves.map(({ from }) => from).slice(1)).toEqual(moves.map(({ to }) => to).slice(0, -1));
    expect(Number(moves.at(-1)!.to)).toBe(seen.at(-1));
    expect(new Set(moves.map(({ rule }) => rule))).toEqual(new Set(['break_even', 'trailing']));
    expect(moves.map(({ why }) => why)).toContainEqual(
      expect.stringContaining('the best close since the entry is 103: the stop follows 3'),
    );
    const events = await desk.database.database.query<{ event: string; why: string }>(
      `SELECT event, details->>'why' AS why FROM order_events WHERE event LIKE 'stop\\_mov%' ORDER BY seq`,
    );
    expect(events.filter(({ event }) => event === 'stop_moved').map(({ why }) => why)).toEqual(
      moves.map(({ why }) => why),
    );
    expect(events).toHaveLength(moves.length * 2);
    // nothing was cancelled, and none of them is a stranger's
    expect(desk.broker.seen.some(({ method }) => method === 'DELETE')).toBe(false);
    expect((await desk.orders()).map(({ reason }) => reason)).not.toContain(
      'placed outside of the desk',
    );
  }, 60_000);

  it("a person's stop that trails is known each minute where the price took it, and never goes back", async () => {
    desk = await openDesk(dayWith(...climbing()));
    await desk.enter({ limit_price: null, target_price: '110' });
    await minute('10:02');
    const { position_id } = await desk.position();
    await desk.trading.placeExit({
      params: { position_id },
      body: {
        request_id: stableId('trail'),
        by: 'test',
        exit: { kind: 'trailing_percent', trail_percent: '1' },
      },
    });
    await desk.settle();
    const seen: number[] = [];
    for (let clock = 3; clock <= 16; clock += 1) {
      await minute(`10:${String(clock).padStart(2, '0')}`);
      expect(stopsAtBroker(desk.simulator)).toEqual([[100, expect.any(Number)]]);
      seen.push(stopsAtBroker(desk.simulator)[0]![1]!);
      expect(await desk.trading.showPosition({ params: { position_id } })).toMatchObject({
        is_protected: true,
        live_stop_price: String(seen.at(-1)),
      });
    }
    // one per cent below the best price of 103, though it fell again
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(101.97);
    expect(await desk.trading.reconcile({ body: { cycle_id: null } })).toMatchObject({
      reconciled: true,
    });
  });

  it('no stop moves without a rule', async () => {
    desk = await openDesk(dayWith(...climbing()));
    await desk.enter({ limit_price: null, target_price: '110' });
    for (const clock of ['10:05', '10:09', '10:13']) await minute(clock);
    expect(stopsAtBroker(desk.simulator)).toEqual([[100, 98]]);
    expect(desk.broker.seen.some(({ method }) => method === 'PATCH')).toBe(false);
  });
});

it('where time passes trading moves a stop by itself, though nobody asks for a minute', async () => {
  const desk: LiveDesk = await openLiveDesk({
    day: dayWith(...swinging(45, 0.1)),
    clock: '10:12:54',
    env: RULED,
  });
  try {
    await desk.hold('ACME');
    // three ranges of 0.2 behind a close at 100
    await eventually(() => expect(stopsAtBroker(desk.simulator)).toEqual([[10, 99.4]]), 100_000);
    await eventually(async () =>
      expect((await desk.positions())[0]).toMatchObject({
        live_stop_price: '99.4',
        is_protected: true,
      }),
    );
    expect(await movesOf(desk.database)).toMatchObject([{ from: '98', to: '99.4' }]);
  } finally {
    await desk.close();
  }
}, 120_000);

describe('a service that is killed with -9 as a stop moves', () => {
  let simulator: Simulator;
  let broker: FaultyBroker;
  let database: TestDatabase;
  let trading: TradingProcess;
  let child: ChildProcess | null = null;
  let starts = 0;
  let stopping = false;
  const run = (): void => {
    starts += 1;
    child = trading.start();
    child.once('exit', () => {
      child = null;
      if (!stopping) run();
    });
  };

  beforeAll(async () => {
    simulator = await startSimulator({ day: dayWith(...climbing()), at: '10:00' });
    broker = await startFaultyBroker(simulator.url);
    database = await createTestDatabase();
    await arm(database.database);
    trading = await tradingProcess({
      database,
      simulator,
      broker_url: broker.url,
      env: { TRADING_MODE: 'replay', REPLAY_START_AT: at('04:00'), RUN_ID: 'ruled', ...RULED },
    });
    run();
    await eventually(async () => expect(await trading.isReady()).toBe(true), 180_000);
  });
  afterAll(async () => {
    stopping = true;
    child?.kill('SIGKILL');
    await broker.close();
    await simulator.close();
    await database.drop();
  });

  it('before the broker has it and after, adopts what the broker has: one stop, never none, never two', async () => {
    const client = trading.client(180_000);
    const now = () => new Date(simulator.simulation.now()).toISOString();
    const asked = <T>(work: () => Promise<T>): Promise<T> => atStep(now(), work);
    const settle = async (): Promise<void> => {
      const seq = () => simulator.simulation.accounts[0]!.seq;
      for (let to = seq(), settled = -1; to !== settled; to = seq()) {
        await asked(() => client.drainStream({ body: { to_seq: to } }));
        settled = to;
      }
    };
    const minute = async (): Promise<void> => {
      simulator.simulation.stepTo(simulator.simulation.now() + 60_000);
      await settle();
      await asked(() => client.monitorPositions({ body: { cycle_id: CYCLE } }));
      await settle();
    };
    const submission = await approveIn(database.database, now(), {
      limit_price: null,
      target_price: '110',
    });
    const { position } = await asked(() => client.submitOrder({ body: submission }));
    await settle();
    const deaths: Passing['phase'][] = ['request', 'answer'];
    broker.onPassing(({ method, phase }) => {
      if (method !== 'PATCH' || phase !== deaths[0]) return 'pass';
      deaths.shift();
      child?.kill('SIGKILL');
      return 'drop';
    });
    for (let n = 0; n < 13; n += 1) {
      await minute();
      expect(stopsAtBroker(simulator)).toEqual([[100, expect.any(Number)]]);
      expect(
        await asked(() => client.showPosition({ params: { position_id: position.position_id } })),
      ).toMatchObject({
        status: 'open',
        qty: '100',
        is_protected: true,
        live_stop_price: String(stopsAtBroker(simulator)[0]![1]),
      });
    }
    expect([deaths, starts]).toEqual([[], 3]);
    const moves = await movesOf(database);
    expect(Number(moves.at(-1)!.to)).toBe(stopsAtBroker(simulator)[0]![1]);
    expect(await asked(() => client.reconcile({ body: { cycle_id: null } }))).toMatchObject({
      reconciled: true,
      open_positions: 1,
      open_orders: 2,
    });
    const strangers = await database.database.query(
      'SELECT client_order_id FROM orders WHERE is_adopted',
    );
    expect(strangers).toEqual([]);
  }, 400_000);
});
