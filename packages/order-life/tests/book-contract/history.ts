import { expect, it } from '@jest/globals';
import { checkRebuild } from '../../src/rebuild.ts';
import { add, minute, orderOf } from './new-rows.ts';
import type { TestedBook } from './tested-book.ts';

/** Every row follows from what befell it, also after the process has ended. */
export const promiseHistory = (tested: TestedBook): void => {
  it('keeps of each order how it became what it is, and can be made again from that', async () => {
    const { book } = tested;
    const position = tested.newPosition();
    const order = orderOf(position, 'a');
    await book.transaction((tx) => add(tx, position, order));
    await book.transaction(async (tx) => {
      await tx.changeOrder(
        {
          ...order,
          status: 'filled',
          filled_qty: '100',
          filled_avg_price: '100',
          updated_at: minute(40),
        },
        { event: 'fill', source: 'stream', details: { filled_qty: '100' } },
      );
      await tx.addFill({
        execution_id: `x-${position.position_id}`,
        client_order_id: order.client_order_id,
        qty: '100',
        price: '100',
        filled_at: minute(40),
      });
      await tx.changePosition(
        {
          ...(await tx.readPosition(position.position_id))!,
          status: 'closing',
          qty: '100',
          entered_qty: '100',
          entry_notional: '10000',
          entry_price: '100',
          entered_at: minute(40),
          exit_asked: 'manual',
          exit_reason: 'manual',
        },
        { event: 'exit_asked', details: { reason: 'manual' }, occurred_at: minute(41) },
      );
    });
    const of = ({ differences }: ReturnType<typeof checkRebuild>) =>
      differences.filter(
        ({ id }) => id === position.position_id || id === order.client_order_id || /_/.test(id),
      );
    const history = await tested.opened.history();
    expect(of(checkRebuild(history))).toEqual([]);
    // and a row that something else wrote is seen
    const other = history.positions.map((row) =>
      row.position_id === position.position_id ? { ...row, qty: '90', exit_asked: null } : row,
    );
    expect(
      of(checkRebuild({ ...history, positions: other })).map(({ field, row }) => [field, row]),
    ).toEqual([
      ['qty', '90'],
      ['exit_asked', 'null'],
    ]);
  });

  it('has all that was committed when it is opened again', async () => {
    const before = await tested.opened.history();
    await tested.reopen();
    expect(await tested.opened.history()).toEqual(before);
    expect(await tested.book.readCursor()).toBe(9);
  });
};
