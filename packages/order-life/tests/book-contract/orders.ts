import { expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import type { ApprovalRow, OrderRow } from '../../src/book-rows.ts';
import { add, intended, minute, orderOf } from './new-rows.ts';
import type { TestedBook } from './tested-book.ts';

/** An intent is taken once; orders, and what was asked of them, are found again. */
export const promiseOrders = (tested: TestedBook): void => {
  it('takes an intent once: by its own name, by the broker’s, and by its approval', async () => {
    const { book } = tested;
    const position = tested.newPosition();
    const approval: ApprovalRow = {
      approval_id: stableId('book-contract-approval'),
      intent_hash: 'a'.repeat(64),
      qty: '100',
      approved_at: minute(0),
      expires_at: minute(5),
    };
    await tested.opened.approve(approval, position.symbol);
    expect(await book.readApproval(approval.approval_id)).toEqual(approval);
    const first = orderOf(position, 'a', {
      broker_order_id: `broker-${position.position_id}`,
      approval_id: approval.approval_id,
    });
    await book.transaction((tx) => add(tx, position, first));
    const events = (await tested.opened.history()).order_events.length;
    await book.transaction(async (tx) => {
      const { broker_order_id, approval_id } = first;
      expect(await tx.addOrder(first, intended)).toBe(false);
      expect(await tx.addOrder(orderOf(position, 'b', { broker_order_id }), intended)).toBe(false);
      expect(await tx.addOrder(orderOf(position, 'c', { approval_id }), intended)).toBe(false);
    });
    expect((await tested.opened.history()).order_events).toHaveLength(events);
    expect(await book.listOrdersByApproval(approval.approval_id)).toEqual([first]);
    // an entry in parts uses its approval once for each
    const { approval_id } = first;
    const second = orderOf(position, 'second', { approval_id, part: 2 });
    await book.transaction(async (tx) => {
      expect(await tx.addOrder(second, intended)).toBe(true);
      const again = orderOf(position, 'again', { approval_id, part: 2 });
      expect(await tx.addOrder(again, intended)).toBe(false);
    });
    expect(await book.listOrdersByApproval(approval.approval_id)).toEqual([first, second]);
  });

  it('lists orders by their age, then their name, and tells the watched from the ended', async () => {
    const { book } = tested;
    const position = tested.newPosition();
    const of = (name: string, fields: Partial<OrderRow>) => orderOf(position, name, fields);
    const [old, late, same, ended] = [
      of('z', { created_at: minute(1), status: 'new', broker_order_id: 'broker-z' }),
      of('b', { created_at: minute(3), status: 'intended' }),
      of('a', { created_at: minute(3), status: 'held' }),
      of('c', { created_at: minute(2), status: 'canceled', filled_qty: '40' }),
    ];
    const stray = orderOf(tested.newPosition(), 'stray', { status: 'new' });
    const strayPosition = tested.newPosition({
      position_id: stray.position_id!,
      symbol: stray.symbol,
    });
    const unsent = orderOf(strayPosition, 'unsent', { status: 'intended' });
    await book.transaction(async (tx) => {
      await add(tx, position, late!, same!, ended!, old!);
      await add(tx, strayPosition, stray, unsent);
      await tx.changePosition({
        ...(await tx.readPosition(stray.position_id!))!,
        status: 'closed',
      });
    });
    const ids = (rows: readonly OrderRow[]): string[] =>
      rows
        .filter(({ position_id }) =>
          [position.position_id, stray.position_id].includes(position_id!),
        )
        .map(({ client_order_id }) => client_order_id.split('-')[0]!);
    expect(ids(await book.listOrdersOf(position.position_id))).toEqual(['z', 'c', 'a', 'b']);
    expect(ids(await book.listLiveOrders()).sort()).toEqual(['a', 'b', 'stray', 'unsent', 'z']);
    expect(ids(await book.listWatchedOrders()).sort()).toEqual([
      'a',
      'b',
      'c',
      'stray',
      'unsent',
      'z',
    ]);
    expect(ids(await book.findOrders([old!.client_order_id], ['broker-z', 'none']))).toEqual(['z']);
    const open = (await book.listOpenPositions()).map(({ position_id }) => position_id);
    expect(open).toContain(position.position_id);
    expect(open).not.toContain(stray.position_id);
  });

  it('finds what was asked by a request, and counts what befell an order', async () => {
    const { book } = tested;
    const position = tested.newPosition();
    const order = orderOf(position, 'a', { status: 'new' });
    const request_id = stableId('book-contract-request');
    const asked = { event: 'cancel_requested', source: 'desk', details: { request_id } } as const;
    await book.transaction(async (tx) => {
      await add(tx, position, order);
      await tx.addOrderEvent(order, asked, minute(1));
      await tx.addOrderEvent(order, asked, minute(2));
    });
    const { client_order_id, symbol } = order;
    expect(await book.countOrderEvents(client_order_id, 'cancel_requested')).toBe(2);
    expect(await book.listRequested('cancel_requested', request_id)).toEqual([
      { client_order_id, symbol },
    ]);
    expect(await book.listRequested('exit_intended', request_id)).toEqual([]);
  });
};
