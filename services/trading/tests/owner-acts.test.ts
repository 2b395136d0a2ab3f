import { afterEach, describe, expect, it } from '@jest/globals';
import { bar, CYCLE, dayWith, type OpenDesk, openDesk } from './open-desk.ts';

let desk: OpenDesk;
afterEach(() => desk.close());

/** What the owner of the account does in the broker's app. */
const inApp = (order: Record<string, unknown>) =>
  desk.simulator.exchange.submit(desk.simulator.simulation.accounts[0]!, {
    side: 'buy',
    type: 'market',
    time_in_force: 'day',
    ...order,
  });
/** Before the desk has heard of it, which gives what is held its stop again. */
const cancelInApp = async (...orders: { broker_order_id: string | null }[]): Promise<void> => {
  const [account] = desk.simulator.accounts;
  for (const { broker_order_id } of orders)
    await fetch(`${desk.simulator.url}/v2/orders/${broker_order_id}`, {
      method: 'DELETE',
      headers: { 'APCA-API-KEY-ID': account!.key_id, 'APCA-API-SECRET-KEY': account!.secret_key },
    });
};
const monitor = async (): Promise<string[]> => {
  const { mended } = await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } });
  await desk.settle();
  return mended.map(({ symbol, action }) => `${symbol} ${action}`);
};
const reconcile = () => desk.trading.reconcile({ body: { cycle_id: null } });

describe("a dollar order in the broker's app", () => {
  it('is adopted by what it filled, and its part of a share is protected by a stop for the day', async () => {
    desk = await openDesk();
    inApp({ symbol: 'OTHR', notional: '250' });
    await desk.step('10:02');
    expect(await desk.position('OTHR')).toMatchObject({
      qty: '2.5',
      is_adopted: true,
      is_protected: true,
    });
    const sent = desk.broker.seen.filter(({ method }) => method === 'POST');
    expect(sent.map(({ body }) => JSON.parse(body) as object)).toMatchObject([
      // 100 x (1 - 0.05)
      { type: 'stop', time_in_force: 'day', qty: '2.5', stop_price: '95' },
    ]);
    expect(await reconcile()).toMatchObject({ reconciled: true, differences: [] });
  });

  it('that filled while the desk was away is adopted, and nothing differs from the next pass on', async () => {
    desk = await openDesk();
    await desk.stop();
    inApp({ symbol: 'OTHR', notional: '250' });
    desk.simulator.simulation.stepTo(Date.parse('2026-03-10T14:02:00Z'));
    await desk.restart();
    const byRole = Map.groupBy(await desk.orders('OTHR'), ({ role }) => role);
    expect(byRole.get('entry')).toMatchObject([{ qty: '2.5', filled_qty: '2.5' }]);
    expect(byRole.get('stop')).toMatchObject([{ qty: '2.5', time_in_force: 'day' }]);
    expect(await reconcile()).toMatchObject({ reconciled: true, differences: [] });
  });

  it('whose shares were assumed before it could be read explains them: they are not counted twice', async () => {
    desk = await openDesk();
    await desk.stop();
    inApp({ symbol: 'OTHR', notional: '250' });
    desk.simulator.simulation.stepTo(Date.parse('2026-03-10T14:02:00Z'));
    desk.broker.onPassing(({ method, path, phase, text }) =>
      method === 'GET' && phase === 'answer' && path.startsWith('/v2/orders?')
        ? { status: 200, text: text.replaceAll('"side":"buy"', '"side":"odd"') }
        : 'pass',
    );
    await desk.restart();
    expect(await desk.position('OTHR')).toMatchObject({ qty: '2.5' });
    desk.broker.onPassing(() => 'pass');
    await reconcile();
    expect(await reconcile()).toMatchObject({ reconciled: true, differences: [], fills: 1 });
    expect(await desk.position('OTHR')).toMatchObject({ qty: '2.5', status: 'open' });
  });

  it('is protected anew on the next day, since its stop ended with the session', async () => {
    desk = await openDesk();
    inApp({ symbol: 'OTHR', notional: '250' });
    await desk.step('10:02');
    await desk.step('16:01');
    expect(
      (await desk.orders('OTHR')).map(({ role, status }) => `${role} ${status}`).sort(),
    ).toEqual(['entry filled', 'stop accepted', 'stop expired']);
    expect(await desk.position('OTHR')).toMatchObject({ is_protected: true });
  });

  it('is sold before the close, since its stop ends with it', async () => {
    desk = await openDesk();
    inApp({ symbol: 'OTHR', notional: '250' });
    await desk.step('10:02');
    await desk.step('15:30');
    expect(await monitor()).toEqual(['OTHR parts of a share sold before the close']);
    await desk.step('15:32');
    expect(await desk.position('OTHR')).toMatchObject({
      status: 'closed',
      exit_reason: 'end_of_day',
    });
    expect(await reconcile()).toMatchObject({ reconciled: true });
  });
});

describe("parts of a share beside the desk's own", () => {
  it('put the whole position under one stop for the day', async () => {
    desk = await openDesk();
    await desk.enter();
    await desk.step('10:01');
    inApp({ symbol: 'ACME', qty: '0.5' });
    await desk.step('10:02');
    expect(await desk.position()).toMatchObject({ qty: '100.5', is_protected: true });
    expect(
      (await desk.orders()).filter(({ role, status }) => role === 'stop' && status === 'new'),
    ).toMatchObject([{ qty: '100.5', time_in_force: 'day', stop_price: '98' }]);
    expect(await reconcile()).toMatchObject({ reconciled: true });
  });
});

describe('shares sold in part and bought again', () => {
  it('leave what was realised as it was, in the book and at the broker', async () => {
    const at = (price: number) => (clock: string) => bar(clock, price, price, price, price);
    desk = await openDesk(
      dayWith(
        ...['10:05', '10:06'].map(at(103)),
        ...['10:10', '10:11', '10:12', '10:13'].map(at(99)),
      ),
    );
    await desk.enter();
    await desk.step('10:05');
    const exits = async () =>
      (await desk.orders()).filter(
        ({ side, status }) => side === 'sell' && ['new', 'held'].includes(status),
      );
    await cancelInApp(...(await exits()));
    inApp({ symbol: 'ACME', qty: '40', side: 'sell' });
    await desk.step('10:06');
    await monitor();
    expect(await reconcile()).toMatchObject({
      reconciled: true,
      desk_realized_pnl_usd: '120.00',
      broker_realized_pnl_usd: '120.00',
    });
    await desk.step('10:10');
    await cancelInApp(...(await exits()));
    inApp({ symbol: 'ACME', qty: '40' });
    await desk.step('10:12');
    await monitor();
    // 40 x (103 - 100); (60 x 100 + 40 x 99) / 100
    expect(await desk.position()).toMatchObject({
      qty: '100',
      entry_price: '99.6',
      realized_pnl_usd: '120',
    });
    expect(await reconcile()).toMatchObject({
      reconciled: true,
      desk_realized_pnl_usd: '120.00',
      broker_realized_pnl_usd: '120.00',
    });
  });
});
