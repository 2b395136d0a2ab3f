import { expect, it } from '@jest/globals';
import { ASSUMED } from '../../src/book.ts';
import { add, minute, orderOf } from './new-rows.ts';
import type { TestedBook } from './tested-book.ts';

/** Shares are counted once, and those that are only assumed are told apart. */
export const promiseShares = (tested: TestedBook): void => {
  it('books an execution once, and adds shares up without losing a part of one', async () => {
    const { book } = tested;
    const position = tested.newPosition();
    const order = orderOf(position, 'a', { status: 'partially_filled', filled_qty: '0.3' });
    const fill = (n: number, qty: string) => ({
      execution_id: `${position.position_id}-${n}`,
      client_order_id: order.client_order_id,
      qty,
      price: '100.0001',
      filled_at: minute(n),
    });
    const before = await book.lastFillSeq();
    await book.transaction(async (tx) => {
      await add(tx, position, order);
      expect(await tx.addFill(fill(1, '0.1'))).toBe(true);
      expect(await tx.addFill(fill(2, '0.2'))).toBe(true);
      expect(await tx.addFill(fill(1, '0.1'))).toBe(false);
    });
    expect(await book.bookedQty(order.client_order_id)).toBe('0.3');
    expect(await book.lastFillSeq()).toBe(before + 2);
    expect(await book.knownExecutions([fill(1, '').execution_id, 'other'])).toEqual(
      new Set([fill(1, '').execution_id]),
    );
    expect(
      [...(await book.listFillsOf(position.position_id))].sort((a, b) =>
        a.filled_at < b.filled_at ? -1 : 1,
      ),
    ).toEqual(
      [fill(1, '0.1'), fill(2, '0.2')].map((one) => ({
        ...one,
        side: 'buy',
        role: 'entry',
        exit_reason: null,
        is_adopted: true,
      })),
    );
  });

  it('finds assumed shares that nothing explains, and leaves their symbol out of sums', async () => {
    const { book } = tested;
    const position = tested.newPosition();
    const assumed = orderOf(position, 'x', {
      client_order_id: `${ASSUMED}${position.position_id}`,
      status: 'filled',
      filled_qty: '100',
    });
    const shares = { symbol: position.symbol, side: 'buy', filled_qty: '100' } as const;
    await book.transaction(async (tx) => {
      await add(tx, position, assumed);
      await tx.addFill({
        execution_id: assumed.client_order_id,
        client_order_id: assumed.client_order_id,
        qty: '100',
        price: '10',
        filled_at: minute(50),
      });
    });
    expect(await book.findAssumed(shares)).toEqual(assumed);
    expect(await book.findAssumed({ ...shares, filled_qty: '99' })).toBeUndefined();
    expect(await book.assumedSymbols(minute(49))).toEqual([position.symbol]);
    const since = new Date(Date.parse(position.created_at) - 1).toISOString();
    const all = await book.summarize(since, []);
    const without = await book.summarize(since, [position.symbol]);
    expect(all.positions - without.positions).toBe(1);
    expect(await book.earliestOpen(minute(0))).not.toBeNull();
    await book.transaction(async (tx) =>
      tx.changeOrder(
        { ...assumed, broker_order_id: 'broker-explains' },
        { event: 'explained', source: 'rest' },
      ),
    );
    expect(await book.findAssumed(shares)).toBeUndefined();
  });
};
