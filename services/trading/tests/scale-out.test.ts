import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { entryOrderId, stableId } from '@catalyst/domain';
import { startSimulator, type DayBar, type Simulator } from '@catalyst/simulator';
import { atStep, createTestDatabase, eventually, type TestDatabase } from '@catalyst/testkit';
import type { ChildProcess } from 'node:child_process';
import { startFaultyBroker, type FaultyBroker, type Passing } from './faulty-broker.ts';
import { approveIn, arm, at, bar, CYCLE, dayWith, type OpenDesk, openDesk } from './open-desk.ts';
import { tradingProcess, type TradingProcess } from './trading-process.ts';

const PARTS = { limit_price: null, scale_out: ['102', '104'], target_price: '106' };

/** ACME climbs by a dollar each minute from 10:01 to 107. */
const climbing = (): DayBar[] =>
  Array.from({ length: 7 }, (_, index) =>
    bar(`10:0${index + 1}`, 100 + index, 101 + index, 100 + index, 101 + index),
  );
const place = ({ method, path }: Pick<Passing, 'method' | 'path'>) =>
  method === 'POST' && path === '/v2/orders';
const aliveAt = (simulator: Simulator, symbol = 'ACME') =>
  [...simulator.simulation.accounts[0]!.alive.values()].filter((one) => one.symbol === symbol);
/** Live stops and targets at the broker, each with its shares and price. */
const exitsAt = (simulator: Simulator, symbol?: string) =>
  aliveAt(simulator, symbol)
    .map(({ type, qty, stop_price, limit_price }) => [
      type,
      qty.toNumber(),
      (stop_price ?? limit_price)?.toNumber(),
    ])
    .sort();
const ALL = [
  ['limit', 33, 102],
  ['limit', 33, 104],
  ['limit', 34, 106],
  ['stop', 33, 98],
  ['stop', 33, 98],
  ['stop', 34, 98],
];

describe('a trade that is left in parts', () => {
  let desk: OpenDesk;
  afterEach(() => desk?.close());
  const minute = async (clock: string) => {
    await desk.step(clock);
    await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } });
    await desk.settle();
  };

  it('is several brackets from its entry on, each with its target, and nothing is cancelled to leave one', async () => {
    desk = await openDesk(dayWith(...climbing()));
    const { order, parts } = await desk.enter(PARTS);
    expect(parts.map(({ qty }) => qty)).toEqual(['33', '33', '34']);
    expect(parts[0]).toMatchObject({ client_order_id: order.client_order_id });
    await minute('10:01');
    expect(exitsAt(desk.simulator)).toEqual(ALL);
    expect(await desk.position()).toMatchObject({
      status: 'open',
      qty: '100',
      is_protected: true,
      target_price: '106',
      live_target_price: '102',
    });
    const held: string[] = [];
    for (const clock of ['10:04', '10:06', '10:08']) {
      await minute(clock);
      const { qty, is_protected } = await desk.position();
      expect(is_protected).toBe(qty !== '0');
      held.push(qty);
    }
    expect(held).toEqual(['67', '34', '0']);
    expect(await desk.position()).toMatchObject({ status: 'closed', exit_reason: 'target' });
    expect(desk.broker.seen.some(({ method }) => method === 'DELETE')).toBe(false);
    expect(desk.broker.seen.filter(place)).toHaveLength(3);
    expect(await desk.trading.reconcile({ body: { cycle_id: null } })).toMatchObject({
      reconciled: true,
      open_orders: 0,
    });
  });

  it('leaves out a part that the broker refuses, says so, and never sends it again', async () => {
    desk = await openDesk();
    let sent = 0;
    desk.broker.onPassing((passing) =>
      place(passing) && passing.phase === 'request' && (sent += 1) === 2
        ? { status: 403, text: '{"code":40310000,"message":"the position is held already"}' }
        : 'pass',
    );
    const { order, parts } = await desk.enter(PARTS);
    expect(order.status).not.toBe('refused');
    expect(parts.map(({ status, reason }) => [status === 'refused', reason])).toEqual([
      [false, null],
      [true, '40310000: the position is held already'],
      [false, null],
    ]);
    for (const clock of ['10:01', '10:02', '10:03']) await minute(clock);
    await desk.restart();
    await minute('10:04');
    expect(sent).toBe(3);
    expect(exitsAt(desk.simulator)).toEqual(ALL.filter((_, index) => index !== 1 && index !== 4));
    expect(await desk.position()).toMatchObject({ status: 'open', qty: '67', is_protected: true });
    const rows = await desk.database.database.query(
      "SELECT subject, details->>'part' AS part, details->>'qty' AS qty FROM audit_log WHERE action = 'entry_part_left_out'",
    );
    expect(rows).toEqual([{ subject: 'ACME', part: '2', qty: '33' }]);
  });

  it('is one bracket where a part would have no share, and none where all are refused', async () => {
    desk = await openDesk();
    const { parts } = await desk.enter(PARTS, { qty: '2' });
    expect(parts).toMatchObject([{ qty: '2', client_order_id: expect.any(String) }]);
    await minute('10:01');
    expect(exitsAt(desk.simulator)).toEqual([
      ['limit', 2, 106],
      ['stop', 2, 98],
    ]);
    desk.broker.onPassing((passing) =>
      place(passing) && passing.phase === 'request'
        ? { status: 403, text: '{"code":40310000,"message":"not now"}' }
        : 'pass',
    );
    const refused = await desk.enter({ ...PARTS, symbol: 'OTHR' });
    expect(refused).toMatchObject({
      order: { status: 'refused' },
      position: { status: 'closed', qty: '0' },
    });
    expect(refused.parts).toHaveLength(3);
  });
});

describe('a service that is killed with -9 between the parts of an entry', () => {
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
  const now = () => new Date(simulator.simulation.now()).toISOString();

  beforeAll(async () => {
    simulator = await startSimulator({ day: dayWith(), at: '10:00' });
    broker = await startFaultyBroker(simulator.url);
    database = await createTestDatabase();
    await arm(database.database);
    trading = await tradingProcess({
      database,
      simulator,
      broker_url: broker.url,
      env: { TRADING_MODE: 'replay', REPLAY_START_AT: at('04:00'), RUN_ID: 'parts' },
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

  it.each([
    ['ACME', 'before the broker has the second', 'request'],
    ['OTHR', 'after the broker has the second, before the desk knows', 'answer'],
  ] as const)(
    '(%s, %s) sends what is missing once',
    async (symbol, _name, phase) => {
      const client = trading.client(180_000);
      const asked = <T>(work: () => Promise<T>): Promise<T> => atStep(now(), work);
      const settle = async (): Promise<void> => {
        const seq = () => simulator.simulation.accounts[0]!.seq;
        for (let to = seq(), settled = -1; to !== settled; to = seq()) {
          await asked(() => client.drainStream({ body: { to_seq: to } }));
          settled = to;
        }
      };
      const before = starts;
      let seen = 0;
      broker.onPassing((passing) => {
        if (!place(passing) || passing.phase !== phase || (seen += 1) !== 2) return 'pass';
        child?.kill('SIGKILL');
        return 'drop';
      });
      const submission = await approveIn(database.database, now(), { ...PARTS, symbol });
      const { position } = await asked(() => client.submitOrder({ body: submission }));
      await settle();
      simulator.simulation.stepTo(simulator.simulation.now() + 60_000);
      await settle();
      await asked(() => client.monitorPositions({ body: { cycle_id: CYCLE } }));
      await settle();
      expect(starts).toBe(before + 1);
      expect(exitsAt(simulator, symbol)).toEqual(ALL);
      expect(
        await asked(() => client.showPosition({ params: { position_id: position.position_id } })),
      ).toMatchObject({ status: 'open', qty: '100', is_protected: true });
      const entries = [...simulator.simulation.accounts[0]!.orders.values()].filter(
        (one) => one.symbol === symbol && one.side === 'buy',
      );
      expect(entries.map(({ client_order_id }) => client_order_id).sort()).toEqual(
        [1, 2, 3].map((part) => entryOrderId(submission.intent.intent_id, part)).sort(),
      );
      expect(await asked(() => client.reconcile({ body: { cycle_id: null } }))).toMatchObject({
        reconciled: true,
      });
      // the way out takes all of them
      await asked(() =>
        client.closePosition({
          params: { position_id: position.position_id },
          body: { request_id: stableId('close', symbol), by: 'test', reason: 'manual' },
        }),
      );
      await settle();
      simulator.simulation.stepTo(simulator.simulation.now() + 60_000);
      await settle();
      expect(aliveAt(simulator, symbol)).toEqual([]);
      expect(
        await asked(() => client.showPosition({ params: { position_id: position.position_id } })),
      ).toMatchObject({ status: 'closed', qty: '0', entered_qty: '100' });
    },
    400_000,
  );
});
