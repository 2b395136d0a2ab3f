import { afterEach, describe, expect, it } from '@jest/globals';
import { at, bar, dayWith, type OpenDesk, openDesk } from './open-desk.ts';

let desk: OpenDesk;
afterEach(() => desk.close());

describe('a bracket', () => {
  it('goes out as a buy with both legs, is protected once filled, and ends at its target', async () => {
    desk = await openDesk(dayWith(bar('10:05', 100, 105, 100, 104)));
    const { order, position } = await desk.enter();
    expect(order).toMatchObject({
      side: 'buy',
      role: 'entry',
      type: 'limit',
      order_class: 'bracket',
      time_in_force: 'gtc',
      qty: '100',
      limit_price: '100.5',
      status: 'pending_new',
    });
    expect(position).toMatchObject({
      direction: 'long',
      status: 'opening',
      qty: '0',
      is_protected: false,
      initial_stop_price: '98',
      target_price: '104',
    });
    await desk.settle();
    expect(
      (await desk.orders()).map(({ role, side, status }) => [role, side, status]).sort(),
    ).toEqual([
      ['entry', 'buy', 'new'],
      ['stop', 'sell', 'held'],
      ['target', 'sell', 'held'],
    ]);

    await desk.step('10:01');
    expect(await desk.position()).toMatchObject({
      status: 'open',
      qty: '100',
      entered_at: at('10:01'),
      is_protected: true,
    });
    await desk.step('10:06');
    const closed = await desk.position();
    expect(closed).toMatchObject({
      status: 'closed',
      qty: '0',
      entered_qty: '100',
      exit_price: '104',
      exited_at: at('10:06'),
      exit_reason: 'target',
      is_protected: false,
      unrealized_pnl_usd: '0',
    });
    expect(Number(closed.realized_pnl_usd)).toBeCloseTo(
      100 * (104 - Number(closed.entry_price)),
      6,
    );
    expect(closed.r_multiple).toBeCloseTo(
      (104 - Number(closed.entry_price)) / (Number(closed.entry_price) - 98),
      3,
    );
    expect((await desk.orders()).map(({ role, status }) => [role, status]).sort()).toEqual([
      ['entry', 'filled'],
      ['stop', 'canceled'],
      ['target', 'filled'],
    ]);
    const cents = Number(closed.realized_pnl_usd).toFixed(2);
    expect(await desk.trading.reconcile({ body: { cycle_id: null } })).toMatchObject({
      reconciled: true,
      differences: [],
      open_positions: 0,
      open_orders: 0,
      fills: 2,
      desk_realized_pnl_usd: cents,
      broker_realized_pnl_usd: cents,
    });
  });

  it('ends at its stop, and a bar that touches both counts the stop', async () => {
    desk = await openDesk(dayWith(bar('10:05', 100, 105, 97, 100)));
    await desk.enter();
    await desk.step('10:06');
    const closed = await desk.position();
    expect(closed).toMatchObject({ status: 'closed', exit_reason: 'stop' });
    expect(Number(closed.realized_pnl_usd)).toBeLessThan(0);
    expect(closed.r_multiple).toBeLessThan(-0.9);
    expect((await desk.orders()).map(({ role, status }) => [role, status]).sort()).toEqual([
      ['entry', 'filled'],
      ['stop', 'filled'],
      ['target', 'replaced'],
    ]);
    expect(await desk.trading.reconcile({ body: { cycle_id: null } })).toMatchObject({
      reconciled: true,
    });
  });

  it('of a short is a sell that profits from a fall', async () => {
    desk = await openDesk(dayWith(bar('10:05', 100, 100, 95, 96)));
    const { order } = await desk.enter({
      direction: 'short',
      limit_price: null,
      stop_price: '102',
      target_price: '96',
    });
    expect(order).toMatchObject({ side: 'sell', type: 'market', limit_price: null });
    await desk.step('10:06');
    expect(await desk.position()).toMatchObject({
      direction: 'short',
      status: 'closed',
      exit_reason: 'target',
      exit_price: '96',
    });
    expect(Number((await desk.position()).realized_pnl_usd)).toBeGreaterThan(300);
  });

  it('puts its prices on the tick: the buy down, the sells up', async () => {
    desk = await openDesk();
    const { order } = await desk.enter({
      limit_price: '100.506',
      stop_price: '97.991',
      target_price: '104.001',
    });
    expect(order.limit_price).toBe('100.5');
    const orders = await desk.orders();
    expect(orders.find(({ role }) => role === 'stop')?.stop_price).toBe('98');
    expect(orders.find(({ role }) => role === 'target')?.limit_price).toBe('104.01');
  });
});
