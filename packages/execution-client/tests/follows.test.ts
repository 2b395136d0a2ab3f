import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { add } from '@catalyst/domain';
import { startSimulator } from '@catalyst/simulator';
import { closedNow, equityOf, levelsNow, nowAt, ordersOf, signalNow } from './exchange-now.ts';
import { follow, joinClient, switchOn, type Follower } from './followed-day.ts';
import { startSmallDesk, type SmallDesk } from './small-desk.ts';

const BEGUN_WITH = '-100000';
let simulator: Awaited<ReturnType<typeof startSimulator>>;
let desk: SmallDesk;
beforeAll(async () => {
  desk = await startSmallDesk();
  simulator = await startSimulator({ at: '10:30', accounts: 4 });
});
afterAll(async () => {
  await desk.close();
  await simulator.close();
});

type First = Awaited<ReturnType<typeof signalNow>>;

describe('a client of a desk', () => {
  let friend: Follower;
  let first: First;
  beforeAll(async () => {
    friend = await follow(await joinClient(desk, simulator, 0), simulator.url);
    await friend.step(0);
  });
  afterAll(() => friend.stop());

  test('decides in its dry run what it would do, orders nothing, and tells the desk so', async () => {
    const { seq, signal_id } = await signalNow(simulator, desk, 'ORRI');
    await friend.step(seq);
    expect(friend.client.status().decisions).toMatchObject([
      { symbol: 'ORRI', decision: 'skip', code: 'dry_run', plan: { qty: expect.any(String) } },
    ]);
    expect(await ordersOf(simulator, 0)).toEqual([]);
    expect(desk.received).toContainEqual(
      expect.objectContaining({ type: 'feedback', signal_id, outcome: 'dry_run' }),
    );
  });

  test('trades by its own bracket once its owner says so', async () => {
    await switchOn(friend.home, await nowAt(simulator));
    simulator.step({ minutes: 1 });
    first = await signalNow(simulator, desk, 'ORRI');
    await friend.step(first.seq);
    const [entry] = await ordersOf(simulator, 0);
    expect(entry).toMatchObject({ side: 'buy', order_class: 'bracket', time_in_force: 'gtc' });
    simulator.step({ minutes: 1 });
    await friend.step(first.seq);
    expect(friend.client.status().trades).toMatchObject([
      { symbol: 'ORRI', status: 'open', is_protected: true, qty: entry!.qty },
    ]);
  });

  /** Stop and target of its shares at the exchange. */
  const exits = async () => {
    const all = (await ordersOf(simulator, 0)).flatMap((order) => [order, ...(order.legs ?? [])]);
    const alive = all.filter(
      ({ side, status }) => side === 'sell' && ['new', 'accepted', 'held'].includes(status),
    );
    return {
      count: alive.length,
      stop: alive.find(({ stop_price }) => stop_price !== null)?.stop_price ?? null,
      target: alive.find(({ type }) => type === 'limit')?.limit_price ?? null,
    };
  };
  const move = async (stop: number, target: number) => {
    const at = (ratio: number) => (Number(first.entry_price) * ratio).toFixed(2);
    const levels = { stop_price: at(stop), target_price: at(target) };
    const { seq } = await levelsNow(simulator, desk, first, levels);
    await friend.step(seq);
    return levels;
  };

  test("moves its stop and target with the desk's towards the price, never away or to where it would sell", async () => {
    const nearer = await move(0.98, 1.05);
    const moved = { count: 2, stop: nearer.stop_price, target: nearer.target_price };
    expect(await exits()).toEqual(moved);
    await move(0.9, 1.2);
    expect(await exits()).toEqual(moved);
    await move(1.04, 1.06);
    expect(await exits()).toEqual(moved);
    expect(friend.client.status().trades).toMatchObject([{ status: 'open', is_protected: true }]);
    expect(
      friend.events.flatMap((event) => (event.event === 'levels' ? [event.reason] : [])),
    ).toEqual([
      `its stop goes to ${moved.stop} with the desk's`,
      `its target goes to ${moved.target} with the desk's`,
      expect.stringContaining('its stop stays: the own'),
      expect.stringContaining('its target stays: the own'),
      expect.stringContaining('its stop stays: at'),
      expect.stringContaining('its target stays: the own'),
    ]);
  });
  test('leaves its exits alone where its owner does not follow them', async () => {
    const before = await exits();
    friend.home.save({ limits: { ...friend.home.limits(), follow_levels: false } });
    await move(0.985, 1.04);
    expect(await exits()).toEqual(before);
  });

  test('goes out with the desk', async () => {
    const { seq } = await closedNow(simulator, desk, first);
    await friend.step(seq);
    simulator.step({ minutes: 1 });
    await friend.step(seq);
    const { trades, day_result_usd } = friend.client.status();
    expect(trades).toMatchObject([{ symbol: 'ORRI', status: 'closed', exit_reason: 'manual' }]);
    expect(add(await equityOf(simulator, 0), BEGUN_WITH)).toBe(add(day_result_usd));
    expect(desk.received.filter((frame) => frame.type === 'feedback' && frame.entry_price)).toEqual(
      [],
    );
  });
});

describe('a client that sleeps over an hour', () => {
  let friend: Follower;
  beforeAll(async () => {
    const home = await joinClient(desk, simulator, 1, { send_fills: true });
    await switchOn(home, await nowAt(simulator));
    friend = await follow(home, simulator.url);
    await friend.step(desk.log.at(-1)!.seq);
  });
  afterAll(() => friend.stop());

  test('keeps its shares covered, skips what expired and says so, and enters what is valid', async () => {
    const held = await signalNow(simulator, desk, 'ORRI');
    await friend.step(held.seq);
    simulator.step({ minutes: 1 });
    await friend.step(held.seq);
    friend.client.sleep();
    const missed = await signalNow(simulator, desk, 'CBLT');
    simulator.step({ minutes: 61 });
    const fresh = await signalNow(simulator, desk, 'MOSS');
    friend.client.wake();
    await friend.step(fresh.seq);
    const decided = Object.fromEntries(
      friend.client
        .status()
        .decisions.map(({ symbol, code, decision }) => [symbol, code ?? decision]),
    );
    expect(decided).toMatchObject({ CBLT: 'expired', MOSS: 'enter' });
    await friend.step(fresh.seq);
    expect(desk.received).toContainEqual(
      expect.objectContaining({
        type: 'feedback',
        signal_id: missed.signal_id,
        outcome: 'expired',
      }),
    );
    expect(desk.received).toContainEqual(
      expect.objectContaining({
        type: 'feedback',
        signal_id: held.signal_id,
        outcome: 'entered',
        entry_price: expect.any(String),
      }),
    );
  });

  test('sells everything 20 minutes before the close by itself', async () => {
    const seq = desk.log.at(-1)!.seq;
    simulator.step({ to: '15:41' });
    await friend.step(seq);
    simulator.step({ minutes: 1 });
    await friend.step(seq);
    const { trades, day_result_usd } = friend.client.status();
    expect(trades.filter(({ status }) => status !== 'closed')).toEqual([]);
    expect(add(await equityOf(simulator, 1), BEGUN_WITH)).toBe(add(day_result_usd));
  });
});
