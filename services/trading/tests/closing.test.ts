import { afterEach, describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { at, bar, dayWith, type OpenDesk, openDesk } from './open-desk.ts';

let desk: OpenDesk;
afterEach(() => desk.close());

const request = (name: string) => ({ request_id: stableId('request', name), by: 'test' });

describe('closing', () => {
  it('cancels the legs that hold the shares, then sells at market in the next minute', async () => {
    desk = await openDesk();
    const { position } = await desk.enter();
    await desk.step('10:01');
    const close = {
      params: { position_id: position.position_id },
      body: { ...request('close'), reason: 'manual' as const },
    };
    expect((await desk.trading.closePosition(close)).position).toMatchObject({
      status: 'closing',
      qty: '100',
    });
    expect((await desk.trading.closePosition(close)).position).toMatchObject({ status: 'closing' });
    await desk.settle();
    await desk.step('10:02');
    expect(await desk.position()).toMatchObject({
      status: 'closed',
      exit_reason: 'manual',
      exited_at: at('10:02'),
    });
    expect((await desk.orders()).filter(({ role }) => role === 'exit')).toMatchObject([
      { side: 'sell', type: 'market', qty: '100', status: 'filled' },
    ]);
    expect((await desk.trading.closePosition(close)).position.status).toBe('closed');
    await expect(
      desk.trading.closePosition({ ...close, body: { ...request('again'), reason: 'manual' } }),
    ).rejects.toMatchObject({ code: 'POSITION_NOT_OPEN' });
  });

  it('everything ends entries, positions and orders alike, and answers the same when asked again', async () => {
    desk = await openDesk();
    await desk.enter();
    await desk.step('10:01');
    await desk.enter({ symbol: 'OTHR', limit_price: '99' });
    const body = { ...request('all'), reason: 'end_of_day' as const };
    const first = await desk.trading.closeAllPositions({ body });
    expect(first.closing).toEqual(['ACME']);
    expect(await desk.trading.closeAllPositions({ body })).toEqual(first);
    await desk.settle();
    await desk.step('10:02');
    expect(await desk.position('ACME')).toMatchObject({
      status: 'closed',
      exit_reason: 'end_of_day',
    });
    expect(await desk.position('OTHR')).toMatchObject({ status: 'closed', entered_qty: '0' });
    expect((await desk.trading.listOrders({ query: { status: 'open' } })).orders).toEqual([]);
    expect(await desk.trading.reconcile({ body: { cycle_id: null } })).toMatchObject({
      reconciled: true,
      open_orders: 0,
      open_positions: 0,
    });
  });

  it('entries leaves protective legs alone', async () => {
    desk = await openDesk();
    await desk.enter();
    await desk.step('10:01');
    await desk.enter({ symbol: 'OTHR', limit_price: '99' });
    expect(await desk.trading.cancelAllOrders({ body: request('entries') })).toEqual({
      canceled_orders: 1,
    });
    await desk.settle();
    expect(await desk.position('ACME')).toMatchObject({ status: 'open', is_protected: true });
    expect(await desk.position('OTHR')).toMatchObject({ status: 'closed' });
  });

  it('one entry by its name, once, and never what protects, has ended or is nobody’s', async () => {
    desk = await openDesk();
    await desk.enter();
    await desk.step('10:01');
    const { order } = await desk.enter({ symbol: 'OTHR', limit_price: '99' });
    const cancel = (client_order_id: string, name: string) =>
      desk.trading.cancelAllOrders({ body: { ...request(name), client_order_id } });
    for (const leg of (await desk.orders('ACME')).filter(({ role }) => role !== 'entry'))
      await expect(cancel(leg.client_order_id, leg.role)).rejects.toMatchObject({
        code: 'INVALID_REQUEST',
        message: expect.stringContaining(`is the ${leg.role} of what is held in ACME`),
      });
    const filled = (await desk.orders('ACME')).find(({ role }) => role === 'entry')!;
    await expect(cancel(filled.client_order_id, 'filled')).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
    });
    await expect(cancel('cat-nobody', 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await cancel(order.client_order_id, 'one')).toEqual({ canceled_orders: 1 });
    await desk.settle();
    expect(await cancel(order.client_order_id, 'one')).toEqual({ canceled_orders: 1 });
    expect(await desk.position('ACME')).toMatchObject({ status: 'open', is_protected: true });
    expect(await desk.position('OTHR')).toMatchObject({ status: 'closed' });
  });
});

describe('monitoring', () => {
  it('keeps the account, the last price and the profit of the minute', async () => {
    desk = await openDesk(dayWith(bar('10:03', 100, 101, 100, 101)));
    await desk.enter();
    await desk.step('10:04');
    const { account, positions, mended } = await desk.trading.monitorPositions({
      body: { cycle_id: stableId('test-cycle') },
    });
    expect(mended).toEqual([]);
    expect(positions[0]).toMatchObject({ last_price: '101', is_protected: true });
    expect(Number(positions[0]!.unrealized_pnl_usd)).toBeCloseTo(
      100 * (101 - Number(positions[0]!.entry_price)),
      6,
    );
    expect(account).toMatchObject({
      mode: 'replay',
      read_at: at('10:04'),
      last_equity_usd: '100000',
    });
    expect(await desk.trading.showAccount({})).toEqual({
      ...account,
      fees_usd: '0.00',
      fees_are_estimated: false,
    });
  });

  it('is not needed where the stream tells that a stop was taken away: there is a new one at once', async () => {
    desk = await openDesk();
    await desk.enter();
    await desk.step('10:01');
    const [account] = desk.simulator.simulation.accounts;
    desk.simulator.exchange.cancelAll(account!, 'ACME');
    await desk.settle();
    expect(await desk.position()).toMatchObject({ status: 'open', is_protected: true });
    expect(
      (await desk.orders()).filter(({ role, status }) => role === 'stop' && status === 'held'),
    ).toMatchObject([{ qty: '100', stop_price: '98', time_in_force: 'gtc' }]);
  });

  it('closes at market what can no longer be protected', async () => {
    desk = await openDesk(dayWith(bar('10:05', 96, 96, 96, 96)));
    await desk.enter();
    await desk.step('10:01');
    desk.simulator.exchange.cancelAll(desk.simulator.simulation.accounts[0]!, 'ACME');
    await desk.step('10:06');
    expect(await desk.position()).toMatchObject({ status: 'closing' });
    await desk.step('10:07');
    expect(await desk.position()).toMatchObject({ status: 'closed', exit_reason: 'unprotected' });
  });
});
