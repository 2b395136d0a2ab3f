import type { Instant } from '@catalyst/domain';
import type { Book, BookTransaction } from '../book.ts';
import type { OrderRow, PositionRow } from '../book-rows.ts';

/** What is known of a position without asking the book. */
export type RememberedPosition = Pick<
  PositionRow,
  | 'position_id'
  | 'cycle_id'
  | 'symbol'
  | 'direction'
  | 'initial_stop_price'
  | 'target_price'
  | 'is_adopted'
  | 'created_at'
  | 'status'
  | 'exit_asked'
>;
export interface Remembered {
  position: RememberedPosition;
  /** From the oldest to the newest. */
  orders: OrderRow[];
}

export interface BookMemory {
  /** The position of a symbol that is not closed. */
  of(symbol: string): Remembered | undefined;
  /** Keeps an order that was sent while the book is away. */
  keep(row: OrderRow): void;
}

type Change =
  { of: 'position'; row: RememberedPosition; at: Instant } | { of: 'order'; row: OrderRow };

/**
 * A book whose open positions, and their orders, are remembered as they are read and written, for
 * the time in which it is away. What the book has is never taken from here.
 */
export const rememberBook = (book: Book): { book: Book; memory: BookMemory } => {
  const positions = new Map<
    string,
    { row: RememberedPosition; updated_at: Instant; written: number }
  >();
  const orders = new Map<string, OrderRow>();
  let writes = 0;

  const forget = (positionId: string): void => {
    positions.delete(positionId);
    for (const [id, { position_id }] of orders) if (position_id === positionId) orders.delete(id);
  };
  const notePosition = (row: RememberedPosition, updated_at: Instant): void => {
    if (row.status === 'closed') return forget(row.position_id);
    const known = positions.get(row.position_id);
    if (known && known.updated_at > updated_at) return;
    positions.set(row.position_id, { row, updated_at, written: writes });
  };
  const noteOrder = (row: OrderRow): void => {
    if (row.position_id === null || !positions.has(row.position_id)) return;
    const known = orders.get(row.client_order_id);
    if (!known || known.updated_at <= row.updated_at) orders.set(row.client_order_id, row);
  };

  const noting = (tx: BookTransaction, changes: Change[]): BookTransaction => ({
    ...tx,
    addPosition: async (row) => {
      await tx.addPosition(row);
      const position: RememberedPosition = { ...row, status: 'opening', exit_asked: null };
      changes.push({ of: 'position', row: position, at: row.created_at });
    },
    changePosition: async (row, event) => {
      await tx.changePosition(row, event);
      changes.push({ of: 'position', row, at: row.updated_at });
    },
    addOrder: async (row, event) => {
      const isAdded = await tx.addOrder(row, event);
      if (isAdded) changes.push({ of: 'order', row });
      return isAdded;
    },
    changeOrder: async (row, event) => {
      await tx.changeOrder(row, event);
      changes.push({ of: 'order', row });
    },
  });

  return {
    memory: {
      of: (symbol) => {
        const found = [...positions.values()].find(({ row }) => row.symbol === symbol);
        if (!found) return undefined;
        const { position_id } = found.row;
        const own = [...orders.values()].filter((order) => order.position_id === position_id);
        const isLater = (a: OrderRow, b: OrderRow): boolean =>
          a.created_at > b.created_at ||
          (a.created_at === b.created_at && a.client_order_id > b.client_order_id);
        return { position: found.row, orders: own.sort((a, b) => (isLater(a, b) ? 1 : -1)) };
      },
      keep: noteOrder,
    },
    book: {
      ...book,
      listOpenPositions: async () => {
        const before = writes;
        const rows = await book.listOpenPositions();
        const open = new Set(rows.map(({ position_id }) => position_id));
        // what was written since the question was asked is newer than its answer
        for (const [id, { written }] of positions)
          if (!open.has(id) && written <= before) forget(id);
        for (const row of rows) notePosition(row, row.updated_at);
        return rows;
      },
      listWatchedOrders: async () => {
        const rows = await book.listWatchedOrders();
        rows.forEach(noteOrder);
        return rows;
      },
      transaction: async (work) => {
        let changes: Change[] = [];
        const result = await book.transaction((tx) => {
          changes = [];
          return work(noting(tx, changes));
        });
        writes += 1;
        for (const change of changes)
          if (change.of === 'position') notePosition(change.row, change.at);
          else noteOrder(change.row);
        return result;
      },
    },
  };
};
