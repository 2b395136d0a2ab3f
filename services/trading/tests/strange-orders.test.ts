import { afterEach, describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import { at, type OpenDesk, openDesk } from './open-desk.ts';

let desk: OpenDesk;
afterEach(() => desk.close());

const CYCLE = stableId('test-cycle');
const placeByHand = (order: Record<string, unknown>) =>
  desk.simulator.exchange.submit(desk.simulator.simulation.accounts[0]!, {
    symbol: 'ACME',
    qty: '10',
    side: 'buy',
    type: 'market',
    time_in_force: 'day',
    ...order,
  });

describe('what the desk did not place', () => {
  it('is adopted from the stream, flagged and given a stop', async () => {
    desk = await openDesk();
    placeByHand({ client_order_id: 'by-hand' });
    await desk.step('10:01');
    expect(await desk.position()).toMatchObject({
      is_adopted: true,
      cycle_id: null,
      qty: '10',
      status: 'open',
      is_protected: true,
    });
    expect(
      (await desk.orders()).filter(({ role, status }) => role === 'stop' && status === 'new'),
    ).toMatchObject([{ qty: '10', stop_price: '95', time_in_force: 'gtc' }]);
  });

  it('is found at the start, listed as a difference, and entries wait for a clean book', async () => {
    desk = await openDesk();
    await desk.service().close();
    placeByHand({ client_order_id: 'by-hand' });
    desk.simulator.simulation.stepTo(Date.parse(at('10:01')));
    await desk.restart();
    expect(await desk.position()).toMatchObject({
      is_adopted: true,
      qty: '10',
      is_protected: true,
    });
    expect((await desk.enter({ symbol: 'OTHR' })).order.status).toBe('pending_new');
    expect((await desk.trading.reconcile({ body: { cycle_id: null } })).reconciled).toBe(true);
  });

  it("that sells the desk's shares ends the position as external", async () => {
    desk = await openDesk();
    await desk.enter();
    await desk.step('10:01');
    const [account] = desk.simulator.simulation.accounts;
    desk.simulator.exchange.cancelAll(account!, 'ACME');
    placeByHand({ side: 'sell', qty: '100', client_order_id: 'sold-by-hand' });
    await desk.step('10:02');
    expect(await desk.position()).toMatchObject({ status: 'closed', exit_reason: 'external' });
    expect(await desk.trading.reconcile({ body: { cycle_id: null } })).toMatchObject({
      reconciled: true,
    });
  });

  it('such as shares that no order explains is taken over, and the difference is named', async () => {
    desk = await openDesk();
    const [account] = desk.simulator.simulation.accounts;
    account!.positions.set('ACME', {
      symbol: 'ACME',
      qty: account!.cash.minus(account!.cash).plus(7),
      avg_entry_price: account!.cash.minus(account!.cash).plus(99),
    } as never);
    const first = await desk.trading.reconcile({ body: { cycle_id: null } });
    expect(first).toMatchObject({ reconciled: false });
    expect(first.differences.map(({ kind, desk: ours, broker }) => [kind, ours, broker])).toEqual([
      ['position', '0', '7'],
      ['protection', '7 held', 'no live stop'],
    ]);
    await expect(
      desk.trading.submitOrder({ body: await desk.approve({ symbol: 'OTHR' }) }),
    ).rejects.toMatchObject({ code: 'NOT_RECONCILED' });
    await desk.trading.monitorPositions({ body: { cycle_id: CYCLE } });
    await desk.step('10:01');
    const second = await desk.trading.reconcile({ body: { cycle_id: null } });
    expect(second).toMatchObject({ reconciled: true });
    const { reconciliations } = await desk.trading.listReconciliations({ query: { limit: 2 } });
    expect(reconciliations).toEqual([second, first]);
  });
});
