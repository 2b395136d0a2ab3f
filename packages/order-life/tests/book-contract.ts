import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stableId } from '@catalyst/domain';
import type { BookHistory } from '../src/book-history.ts';
import type { ApprovalRow, NewPosition, OrderRow } from '../src/book-rows.ts';
import { ASSUMED, type Book, type BookTransaction } from '../src/book.ts';
import { checkRebuild } from '../src/rebuild.ts';

/** A book that has nothing in it yet. */
export interface OpenBook {
  book: Book;
  /** Makes an approval of an intent in `symbol` known, as whoever approves does. */
  approve(approval: ApprovalRow, symbol: string): Promise<void>;
  history(): Promise<BookHistory>;
  /** Opens the same book anew, as after the end of the process that wrote it. */
  reopen(): Promise<Book>;
  close(): Promise<void>;
}

const minute = (n: number): string => new Date(Date.UTC(2026, 2, 10, 14, n)).toISOString();
const BROKEN = new Error('broken off');

/** What each book promises to the life of orders, whatever keeps it. */
export const describeBook = (where: string, open: () => Promise<OpenBook>): void => {
  describe(`a book in ${where}`, () => {
    let opened: OpenBook;
    let book: Book;
    let count = 0;
    beforeAll(async () => {
      opened = await open();
      ({ book } = opened);
    });
    afterAll(() => opened?.close());

    /** A position of its own for a test, in a symbol of its own. */
    const newPosition = (fields: Partial<NewPosition> = {}): NewPosition => {
      count += 1;
      return {
        position_id: stableId('book-contract', count),
        cycle_id: null,
        symbol: `T${String.fromCharCode(65 + Math.floor(count / 26), 65 + (count % 26))}`,
        intent_id: stableId('book-contract-intent', count),
        direction: 'long',
        initial_stop_price: '98',
        target_price: '110',
        is_adopted: true,
        created_at: minute(count),
        ...fields,
      };
    };
    const orderOf = (
      { position_id, symbol, created_at }: NewPosition,
      name: string,
      fields: Partial<OrderRow> = {},
    ): OrderRow => ({
      client_order_id: `${name}-${position_id}`,
      broker_order_id: null,
      parent_client_order_id: null,
      approval_id: null,
      part: 1,
      cycle_id: null,
      position_id,
      symbol,
      side: 'buy',
      role: 'entry',
      type: 'market',
      order_class: 'bracket',
      time_in_force: 'gtc',
      qty: '100',
      filled_qty: '0',
      filled_avg_price: null,
      limit_price: null,
      stop_price: null,
      status: 'intended',
      reason: null,
      exit_reason: null,
      is_adopted: true,
      request: { client_order_id: name, note: ['any', { json: null }] },
      created_at,
      updated_at: created_at,
      ...fields,
    });
    const intended = { event: 'intended', source: 'desk' } as const;
    const add = async (
      tx: BookTransaction,
      position: NewPosition,
      ...orders: OrderRow[]
    ): Promise<void> => {
      await tx.addPosition(position);
      for (const order of orders) expect(await tx.addOrder(order, intended)).toBe(true);
    };

    it('gives back what was written: decimals as text, instants in UTC, JSON as it was', async () => {
      const position = newPosition();
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
      const position = newPosition();
      const order = orderOf(position, 'a');
      const followed: string[] = [];
      const before = await opened.history();
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
      expect(await opened.history()).toEqual(before);
      expect(await book.readCursor()).toBeLessThan(1_000_000);
      await book.transaction(async (tx) => {
        tx.afterCommit(() => followed.push('of what was kept'));
        await add(tx, position, order);
        expect(followed).toEqual([]);
      });
      expect(followed).toEqual(['of what was kept']);
    });

    it('runs transactions one after the other, however long each waits', async () => {
      const position = newPosition();
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

    it('takes an intent once: by its own name, by the broker’s, and by its approval', async () => {
      const position = newPosition();
      const approval: ApprovalRow = {
        approval_id: stableId('book-contract-approval'),
        intent_hash: 'a'.repeat(64),
        qty: '100',
        approved_at: minute(0),
        expires_at: minute(5),
      };
      await opened.approve(approval, position.symbol);
      expect(await book.readApproval(approval.approval_id)).toEqual(approval);
      const first = orderOf(position, 'a', {
        broker_order_id: `broker-${position.position_id}`,
        approval_id: approval.approval_id,
      });
      await book.transaction((tx) => add(tx, position, first));
      const events = (await opened.history()).order_events.length;
      await book.transaction(async (tx) => {
        const { broker_order_id, approval_id } = first;
        expect(await tx.addOrder(first, intended)).toBe(false);
        expect(await tx.addOrder(orderOf(position, 'b', { broker_order_id }), intended)).toBe(
          false,
        );
        expect(await tx.addOrder(orderOf(position, 'c', { approval_id }), intended)).toBe(false);
      });
      expect((await opened.history()).order_events).toHaveLength(events);
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
      const position = newPosition();
      const of = (name: string, fields: Partial<OrderRow>) => orderOf(position, name, fields);
      const [old, late, same, ended] = [
        of('z', { created_at: minute(1), status: 'new', broker_order_id: 'broker-z' }),
        of('b', { created_at: minute(3), status: 'intended' }),
        of('a', { created_at: minute(3), status: 'held' }),
        of('c', { created_at: minute(2), status: 'canceled', filled_qty: '40' }),
      ];
      const stray = orderOf(newPosition(), 'stray', { status: 'new' });
      const strayPosition = newPosition({ position_id: stray.position_id!, symbol: stray.symbol });
      await book.transaction(async (tx) => {
        await add(tx, position, late!, same!, ended!, old!);
        await add(tx, strayPosition, stray);
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
      expect(ids(await book.listLiveOrders()).sort()).toEqual(['a', 'b', 'stray', 'z']);
      expect(ids(await book.listWatchedOrders()).sort()).toEqual(['a', 'b', 'c', 'stray', 'z']);
      expect(ids(await book.findOrders([old!.client_order_id], ['broker-z', 'none']))).toEqual([
        'z',
      ]);
      const open = (await book.listOpenPositions()).map(({ position_id }) => position_id);
      expect(open).toContain(position.position_id);
      expect(open).not.toContain(stray.position_id);
    });

    it('books an execution once, and adds shares up without losing a part of one', async () => {
      const position = newPosition();
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

    it('finds what was asked by a request, and counts what befell an order', async () => {
      const position = newPosition();
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

    it('moves its place in the stream on, and never back', async () => {
      for (const seq of [7, 5, 9]) await book.transaction((tx) => tx.moveCursor(seq, minute(1)));
      expect(await book.readCursor()).toBe(9);
    });

    it('finds assumed shares that nothing explains, and leaves their symbol out of sums', async () => {
      const position = newPosition();
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

    it('keeps what the broker says of money once, and says what was new', async () => {
      const transfer = {
        id: 't-1',
        trade_date: '2026-03-10',
        amount_usd: '500',
        is_canceled: false,
      };
      const save = (...transfers: (typeof transfer)[]) =>
        book.transaction((tx) => tx.saveTransfers(transfers as never, minute(1)));
      expect(await save(transfer)).toBe(1);
      expect(await save(transfer)).toBe(0);
      expect(await save({ ...transfer, is_canceled: true })).toBe(1);
      expect(await save()).toBe(0);
    });

    it('puts the prices of what is held beside the account, as of one instant', async () => {
      const position = newPosition();
      await book.transaction((tx) => add(tx, position));
      const mark = {
        position_id: position.position_id,
        last_price: '101.5',
        last_price_at: minute(30),
        unrealized_pnl_usd: '150.00',
      };
      const account = {
        read_at: minute(31),
        account_number: 'PA1',
        equity_usd: '100000',
        last_equity_usd: '100000',
        cash_usd: '90000',
        buying_power_usd: '180000',
        maintenance_margin_usd: null,
        blocked_reason: null,
        fills_seq: 0,
      };
      await book.transaction((tx) => tx.saveAccount(account, [mark]));
      const marked = (await book.readPosition(position.position_id))!;
      expect(marked).toMatchObject({ last_price: '101.5', last_price_at: minute(30) });
      expect(Number(marked.unrealized_pnl_usd)).toBe(150);
      // also as a transaction of its own
      const moved = { ...mark, last_price: '102', unrealized_pnl_usd: '200.00' };
      await book.saveAccount({ ...account, read_at: minute(32) }, [moved]);
      const again = (await book.readPosition(position.position_id))!;
      expect(again).toMatchObject({ last_price: '102', updated_at: minute(32) });
    });

    it('remembers a halt file that is gone by now', async () => {
      await book.transaction((tx) => tx.noteHaltFile('halted by hand', minute(20)));
      expect(await book.readStanding()).toMatchObject({
        sighted: 'halted by hand',
        stopped_at: minute(20),
      });
    });

    it('keeps of each order how it became what it is, and can be made again from that', async () => {
      const position = newPosition();
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
      const history = await opened.history();
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
      const before = await opened.history();
      book = await opened.reopen();
      expect(await opened.history()).toEqual(before);
      expect(await book.readCursor()).toBe(9);
    });
  });
};
