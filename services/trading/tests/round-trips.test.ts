import { afterEach, describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { at, bar, dayWith, openDesk, type OpenDesk } from './open-desk.ts';

let desk: OpenDesk;
afterEach(() => desk.close());

const request = (name: string) => ({ request_id: stableId('request', name), by: 'test' });

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

describe('an entry', () => {
  it('asked for twice is one order, and the answer is the same', async () => {
    desk = await openDesk();
    const submission = await desk.approve({});
    const first = await desk.trading.submitOrder({ body: submission });
    const second = await desk.trading.submitOrder({ body: submission });
    expect(second.order.client_order_id).toBe(first.order.client_order_id);
    await desk.settle();
    expect(desk.simulator.simulation.accounts[0]!.orders.size).toBe(3);
  });

  it('is not sent without an approval, for another intent, or after the approval ended', async () => {
    desk = await openDesk();
    const { approval_id, intent } = await desk.approve({});
    await expect(
      desk.trading.submitOrder({ body: { approval_id: stableId('nobody'), intent } }),
    ).rejects.toMatchObject({ code: 'APPROVAL_MISSING' });
    await expect(
      desk.trading.submitOrder({
        body: {
          approval_id,
          intent: { ...intent, direction: 'short', stop_price: '102', target_price: '96' },
        },
      }),
    ).rejects.toMatchObject({ code: 'APPROVAL_MISSING' });
    const late = await desk.approve({}, { expires_at: at('09:59') });
    await expect(desk.trading.submitOrder({ body: late })).rejects.toMatchObject({
      code: 'APPROVAL_EXPIRED',
    });
    expect(desk.simulator.simulation.accounts[0]!.orders.size).toBe(0);
  });

  it('is sent once on its approval, which no other order gets, though the first is long over', async () => {
    desk = await openDesk();
    const submission = await desk.approve({});
    const { order } = await desk.trading.submitOrder({ body: submission });
    await desk.settle();
    const another = { ...submission.intent, intent_id: stableId('another intent') };
    await expect(
      desk.trading.submitOrder({ body: { ...submission, intent: another } }),
    ).rejects.toMatchObject({
      code: 'APPROVAL_USED',
      details: { client_order_id: order.client_order_id },
    });
    // an approval that is not used yet is another order's all the same
    const unused = await desk.approve({ symbol: 'OTHR' });
    await expect(
      desk.trading.submitOrder({ body: { ...unused, intent: submission.intent } }),
    ).rejects.toMatchObject({
      code: 'APPROVAL_MISSING',
      message: 'the approval is for another intent',
    });
    const { position_id } = await desk.position();
    await desk.trading.closePosition({
      params: { position_id },
      body: { request_id: stableId('close'), by: 'ann', reason: 'manual' },
    });
    await desk.settle();
    const again = await desk.trading.submitOrder({ body: submission });
    expect(again.order.client_order_id).toBe(order.client_order_id);
    expect(again.position.status).toBe('closed');
    const entries = [...desk.simulator.simulation.accounts[0]!.orders.values()].filter(
      ({ side }) => side === 'buy',
    );
    expect(entries).toHaveLength(1);
  });

  it('is left to whoever trades by now: a process that was taken over closes and cancels nothing', async () => {
    desk = await openDesk();
    await desk.enter();
    await desk.step('10:02');
    const { position_id } = await desk.position();
    const take = (by: number) =>
      desk.database.database.query(
        "UPDATE desk_holders SET epoch = epoch + $1 WHERE service = 'trading'",
        [by],
      );
    const close = () =>
      desk.trading.closePosition({
        params: { position_id },
        body: { request_id: stableId('close', 'taken'), by: 'ann', reason: 'manual' },
      });
    await take(1);
    await expect(close()).rejects.toMatchObject({ code: 'DESK_TAKEN_OVER' });
    expect(await desk.position()).toMatchObject({ status: 'open', is_protected: true });
    const seen = desk.broker.seen.filter(({ method }) => method !== 'GET');
    expect(seen.map(({ method, path }) => [method, path])).toEqual([['POST', '/v2/orders']]);
    await take(-1);
    expect((await close()).left).toBeNull();
  });

  it('that the broker refuses leaves a refused order with the reason and a closed, empty position', async () => {
    desk = await openDesk();
    const { order, position } = await desk.enter({}, { qty: '100000' });
    expect(order).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('insufficient buying power'),
    });
    expect(position).toMatchObject({
      status: 'closed',
      qty: '0',
      entered_qty: '0',
      exit_reason: null,
    });
    expect(await desk.enter()).toMatchObject({ order: { status: 'pending_new' } });
  });

  it('whose prices meet on the tick is refused before it is sent', async () => {
    desk = await openDesk();
    const { order } = await desk.enter({ limit_price: '98.004', stop_price: '97.999' });
    expect(order).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('stop 98 is not on the losing side'),
    });
    expect(desk.simulator.simulation.accounts[0]!.orders.size).toBe(0);
  });

  it('that is not filled in its time is canceled, and its position ends empty', async () => {
    desk = await openDesk();
    await desk.enter({ limit_price: '99' });
    await desk.step('10:04');
    expect(
      (await desk.trading.monitorPositions({ body: { cycle_id: stableId('test-cycle') } })).mended,
    ).toEqual([]);
    await desk.step('10:05');
    expect(
      (await desk.trading.monitorPositions({ body: { cycle_id: stableId('test-cycle') } })).mended,
    ).toMatchObject([{ symbol: 'ACME', action: expect.stringContaining('not filled') }]);
    await desk.settle();
    expect(await desk.position()).toMatchObject({ status: 'closed', entered_qty: '0' });
    expect((await desk.orders()).map(({ status }) => status)).toEqual([
      'canceled',
      'canceled',
      'canceled',
    ]);
  });

  it('that is filled in part is cut off there, and what is held gets its own stop and target', async () => {
    desk = await openDesk(
      dayWith(bar('10:00', 100, 100, 100, 100, 300), bar('10:05', 100, 105, 100, 104)),
    );
    await desk.enter();
    await desk.step('10:01');
    expect(await desk.position()).toMatchObject({
      status: 'opening',
      qty: '30',
      is_protected: false,
    });
    const { mended } = await desk.trading.monitorPositions({
      body: { cycle_id: stableId('test-cycle') },
    });
    expect(mended).toMatchObject([
      { symbol: 'ACME', action: expect.stringContaining('protected 30 with a stop at 98') },
    ]);
    await desk.settle();
    expect(await desk.position()).toMatchObject({ status: 'open', qty: '30', is_protected: true });
    await desk.step('10:06');
    expect(await desk.position()).toMatchObject({
      status: 'closed',
      qty: '0',
      entered_qty: '30',
      exit_reason: 'target',
      exit_price: '104',
    });
    expect(await desk.trading.reconcile({ body: { cycle_id: null } })).toMatchObject({
      reconciled: true,
    });
  });
});

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
