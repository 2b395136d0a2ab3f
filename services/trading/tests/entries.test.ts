import { afterEach, describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { at, bar, dayWith, type OpenDesk, openDesk } from './open-desk.ts';

let desk: OpenDesk;
afterEach(() => desk.close());

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
