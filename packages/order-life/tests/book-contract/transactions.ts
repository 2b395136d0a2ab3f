import { expect, it } from '@jest/globals';
import { add, minute, orderOf } from './new-rows.ts';
import type { TestedBook } from './tested-book.ts';

const BROKEN = new Error('broken off');

/** What is written is all there or not at all, one transaction after the other. */
export const promiseTransactions = (tested: TestedBook): void => {
  it('gives back what was written: decimals as text, instants in UTC, JSON as it was', async () => {
    const { book } = tested;
    const position = tested.newPosition();
    const order = orderOf(position, 'a', { qty: '0.1', limit_price: '100.25' });
    await book.transaction((tx) => add(tx, position, order));
    expect(await book.readOrder(order.client_order_id)).toEqual(order);
    expect(await book.readOpenPosition(position.symbol)).toEqual({
      ...position,
      status: 'opening',
      qty: '0',
      entered_qty: '0',
      entry_notional: '0',
      exit_notional: '0',
      entry_price: null,
      entered_at: null,
      exit_price: null,
      exited_at: null,
      exit_asked: null,
      exit_reason: null,
      last_price: null,
      last_price_at: null,
      unrealized_pnl_usd: '0',
      realized_pnl_usd: '0',
      is_protected: false,
      updated_at: position.created_at,
    });
  });

  it('writes all of a transaction or nothing, and runs what follows a commit after a commit alone', async () => {
    const { book } = tested;
    const position = tested.newPosition();
    const order = orderOf(position, 'a');
    const followed: string[] = [];
    const before = await tested.opened.history();
    await expect(
      book.transaction(async (tx) => {
        tx.afterCommit(() => followed.push('of what failed'));
        await add(tx, position, order);
        await tx.changeOrder({ ...order, status: 'new' }, { event: 'new', source: 'rest' });
        await tx.addFill({
          execution_id: 'never',
          client_order_id: order.client_order_id,
          qty: '1',
          price: '100',
          filled_at: minute(1),
        });
        await tx.moveCursor(1_000_000, minute(1));
        // it sees what it wrote
        expect((await tx.readOrder(order.client_order_id))?.status).toBe('new');
        expect(await tx.lastFillSeq()).toBe(before.fills.length + 1);
        throw BROKEN;
      }),
    ).rejects.toBe(BROKEN);
    expect(await tested.opened.history()).toEqual(before);
    expect(await book.readCursor()).toBeLessThan(1_000_000);
    await book.transaction(async (tx) => {
      tx.afterCommit(() => followed.push('of what was kept'));
      await add(tx, position, order);
      expect(followed).toEqual([]);
    });
    expect(followed).toEqual(['of what was kept']);
  });

  it('runs transactions one after the other, however long each waits', async () => {
    const { book } = tested;
    const position = tested.newPosition();
    const order = orderOf(position, 'a', { status: 'new' });
    await book.transaction((tx) => add(tx, position, order));
    const addOne = () =>
      book.transaction(async (tx) => {
        const known = (await tx.readOrder(order.client_order_id))!;
        await new Promise(setImmediate);
        const filled_qty = String(Number(known.filled_qty) + 1);
        await tx.changeOrder({ ...known, filled_qty }, { event: 'fill', source: 'stream' });
      });
    await Promise.all(Array.from({ length: 20 }, addOne));
    expect((await book.readOrder(order.client_order_id))!.filled_qty).toBe('20');
  });
};
