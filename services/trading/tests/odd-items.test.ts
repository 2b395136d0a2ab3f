import { afterEach, describe, expect, it } from '@jest/globals';
import type { Passing } from './faulty-broker.ts';
import { CYCLE, type OpenDesk, openDesk } from './open-desk.ts';

let desk: OpenDesk;
afterEach(() => desk.close());

type Item = Record<string, unknown>;
type Change = (items: Item[]) => Item[];

/** What the broker lists under a path from now on, changed on its way to the desk. */
const changeLists = (changes: Record<string, Change>): void =>
  desk.broker.onPassing(({ method, path, phase, text }: Passing) => {
    const change = changes[path.split('?')[0]!];
    if (method !== 'GET' || phase !== 'answer' || !change) return 'pass';
    const answer = JSON.parse(text) as Item | Item[];
    const changed = Array.isArray(answer) ? change(answer) : change([answer])[0];
    return { status: 200, text: JSON.stringify(changed) };
  });
const monitor = async () =>
  (await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } })).mended;
const reconcile = () => desk.trading.reconcile({ body: { cycle_id: null } });

/** One that holds 100 ACME at 100 under a bracket, at 10:01. */
const holding = async (): Promise<void> => {
  desk = await openDesk();
  await desk.enter();
  await desk.step('10:01');
};
const isStillHeld = async (): Promise<void> => {
  expect(await desk.position()).toMatchObject({ status: 'open', qty: '100', is_protected: true });
  expect((await desk.orders()).map(({ role, status }) => `${role} ${status}`).sort()).toEqual([
    'entry filled',
    'stop held',
    'target new',
  ]);
};

describe('options and crypto beside the desk', () => {
  it('count for nothing: the desk watches, reconciles and starts as without them', async () => {
    await holding();
    const option = { symbol: 'SPY261218P00550000', asset_class: 'us_option' };
    const crypto = { symbol: 'BTCUSD', asset_class: 'crypto', qty: '1e-9' };
    changeLists({
      '/v2/orders': (orders) => [
        { ...orders[0], symbol: '', side: '', asset_class: '', order_class: 'mleg', id: 'spread' },
        ...orders,
        { ...orders[0], ...crypto, id: 'coin', legs: null },
      ],
      '/v2/positions': (positions) => [...positions, { ...positions[0], ...crypto }],
      '/v2/account/activities/FILL': (fills) => [
        ...fills,
        { ...fills[0], ...option, id: '20260310140000000::a', order_id: 'spread' },
      ],
    });
    expect(await monitor()).toEqual([]);
    expect(await reconcile()).toMatchObject({ reconciled: true, differences: [] });
    await desk.restart();
    expect(await reconcile()).toMatchObject({ reconciled: true, open_positions: 1 });
    await isStillHeld();
  });

  it('do not count by an execution whose symbol could be a stock, either', async () => {
    await holding();
    desk.broker.onPassing(({ path, phase, text }) => {
      if (path.startsWith('/v2/orders/coin'))
        return { status: 200, text: '{"id":"coin","symbol":"COIN/USD","asset_class":"crypto"}' };
      if (phase === 'request' || !path.startsWith('/v2/account/activities/FILL')) return 'pass';
      const fills = JSON.parse(text) as Item[];
      const coin = { symbol: 'COIN', id: '20260310140000000::b', order_id: 'coin', side: 'sell' };
      return { status: 200, text: JSON.stringify([...fills, { ...fills[0], ...coin }]) };
    });
    expect(await reconcile()).toMatchObject({ reconciled: true, differences: [] });
  });
});

describe("a stock's item that cannot be read", () => {
  const unreadable = (field: string) => (item: Item) => ({ ...item, [field]: {} });
  it.each([
    ['an order', '/v2/orders', 'filled_qty', 'order'],
    ['a position', '/v2/positions', 'avg_entry_price', 'position'],
    ['an execution', '/v2/account/activities/FILL', 'price', 'fill'],
  ])('%s is a difference of its own; the rest is watched', async (_what, path, field, kind) => {
    await holding();
    changeLists({ [path]: (items) => items.map(unreadable(field)) });
    expect(await monitor()).toEqual([]);
    const { reconciled, differences } = await reconcile();
    expect(reconciled).toBe(false);
    expect(differences.length).toBeGreaterThan(0);
    for (const difference of differences)
      expect(difference).toMatchObject({
        kind,
        symbol: 'ACME',
        broker: expect.stringContaining(`${field}: `),
      });
    await isStillHeld();
    await desk.restart();
    await isStillHeld();
    desk.broker.onPassing(() => 'pass');
    expect(await reconcile()).toMatchObject({ reconciled: true });
  });

  it('a leg leaves its bracket readable', async () => {
    await holding();
    changeLists({
      '/v2/orders': (orders) =>
        orders.map((order) => ({
          ...order,
          legs: (order.legs as Item[] | null)?.map(unreadable('status')) ?? null,
        })),
    });
    expect(await monitor()).toEqual([]);
    expect((await reconcile()).differences).toMatchObject([
      { kind: 'order', symbol: 'ACME' },
      { kind: 'order', symbol: 'ACME' },
    ]);
    await isStillHeld();
  });

  it('an unknown status is neither success nor failure: what was known stays, and it is told', async () => {
    await holding();
    const review = (order: Item): Item => ({
      ...order,
      status: 'pending_review',
      legs: (order.legs as Item[] | null)?.map(review) ?? null,
    });
    changeLists({ '/v2/orders': (orders) => orders.map(review) });
    expect(await monitor()).toEqual([]);
    const { differences } = await reconcile();
    expect(differences).toHaveLength(3);
    expect(differences[0]).toMatchObject({
      kind: 'order',
      broker: expect.stringContaining('status: a word that is not known'),
    });
    await isStillHeld();
  });

  it('an order of an unknown type is adopted as what it is', async () => {
    await holding();
    // while the desk is away, so that it learns of the order by the list
    await desk.stop();
    desk.simulator.exchange.submit(desk.simulator.simulation.accounts[0]!, {
      symbol: 'OTHR',
      qty: '5',
      side: 'buy',
      type: 'limit',
      limit_price: '90',
      time_in_force: 'day',
    });
    changeLists({
      '/v2/orders': (orders) =>
        orders.map((order) => (order.symbol === 'OTHR' ? { ...order, type: 'pegged' } : order)),
    });
    await desk.restart();
    expect(await desk.orders('OTHR')).toMatchObject([{ role: 'entry', type: 'unknown', qty: '5' }]);
  });
});
