import type {
  Book,
  BookTransaction,
  OrderEvent,
  OrderRow,
  PositionRow,
} from '@catalyst/order-life';
import { currentContext, type Clock } from '@catalyst/runtime';
import { toInstant, type Instant } from '@catalyst/domain';
import { bookReads } from './book-reads.ts';
import type { LocalDatabase, LocalWrites } from './local-database.ts';

/** The next number of a table, which one writer at a time counts on: no gap, no number twice. */
const nextIn = (table: string, column = 'seq'): string =>
  `(SELECT coalesce(max(${column}), 0) + 1 FROM ${table})`;

const NOT_FILLED = {
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
} as const;

interface Deps {
  database: LocalDatabase;
  clock: Pick<Clock, 'now'>;
}

const transactionOn = (
  tx: LocalWrites,
  { clock }: Deps,
  afterCommit: (work: () => void) => void,
): BookTransaction => {
  const reads = bookReads(tx);
  const writeEvent = (
    { client_order_id }: OrderRow,
    { event, source, details }: OrderEvent,
    at: Instant,
    state: OrderRow | null,
  ): void => {
    tx.run(
      `INSERT INTO order_events (seq, client_order_id, event, source, details, occurred_at, order_state)
       VALUES (${nextIn('order_events')}, ?, ?, ?, ?, ?, ?)`,
      client_order_id,
      event,
      source,
      JSON.stringify(details ?? {}),
      at,
      state && JSON.stringify(state),
    );
  };
  const writePositionEvent = (id: string, event: string, details: object, at: Instant): void => {
    tx.run(
      `INSERT INTO position_events (seq, position_id, event, details, occurred_at)
       VALUES (${nextIn('position_events')}, ?, ?, ?, ?)`,
      id,
      event,
      JSON.stringify(details),
      at,
    );
  };
  const writePosition = (row: PositionRow): void => {
    tx.run(
      'UPDATE positions SET row = ? WHERE position_id = ?',
      JSON.stringify(row),
      row.position_id,
    );
  };
  const keep = (kind: string, items: readonly { id: string }[]): number =>
    items.reduce(
      (changed, item) =>
        changed +
        tx.run(
          `INSERT INTO activities (activity_id, kind, row) VALUES (?, ?, ?)
           ON CONFLICT (activity_id) DO UPDATE SET row = excluded.row WHERE row <> excluded.row`,
          item.id,
          kind,
          JSON.stringify(item),
        ),
      0,
    );

  return {
    ...reads,
    addOrder: async (row, event) => {
      const added = tx.run(
        'INSERT INTO orders (row) VALUES (?) ON CONFLICT DO NOTHING',
        JSON.stringify(row),
      );
      if (added > 0) writeEvent(row, event, row.created_at, row);
      return added > 0;
    },
    changeOrder: async (row, event) => {
      tx.run(
        'UPDATE orders SET row = ? WHERE client_order_id = ?',
        JSON.stringify(row),
        row.client_order_id,
      );
      writeEvent(row, event, row.updated_at, row);
    },
    addOrderEvent: async (row, event, occurredAt) => writeEvent(row, event, occurredAt, null),

    addPosition: async (row) => {
      const position: PositionRow = { ...row, ...NOT_FILLED, updated_at: row.created_at };
      const added = tx.run(
        'INSERT INTO positions (row) VALUES (?) ON CONFLICT DO NOTHING',
        JSON.stringify(position),
      );
      if (added > 0) writePositionEvent(row.position_id, 'opened', row, row.created_at);
    },
    changePosition: async (row, event) => {
      writePosition(row);
      if (event) writePositionEvent(row.position_id, event.event, event.details, event.occurred_at);
    },
    addFill: async ({ execution_id, client_order_id, qty, price, filled_at }) =>
      tx.run(
        `INSERT INTO fills (seq, execution_id, client_order_id, qty, price, filled_at)
         VALUES (${nextIn('fills')}, ?, ?, ?, ?, ?) ON CONFLICT (execution_id) DO NOTHING`,
        execution_id,
        client_order_id,
        qty,
        price,
        toInstant(filled_at),
      ) > 0,

    moveCursor: async (seq, at) => {
      tx.run(
        `INSERT INTO cursors (one, seq, at) VALUES (1, ?, ?)
         ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, at = excluded.at WHERE excluded.seq > seq`,
        seq,
        at,
      );
    },
    saveAccount: async (account, marks = []) => {
      tx.run(
        'INSERT INTO accounts (read_at, row) VALUES (?, ?) ON CONFLICT (read_at) DO UPDATE SET row = excluded.row',
        account.read_at,
        JSON.stringify(account),
      );
      for (const mark of marks) {
        const position = await reads.readPosition(mark.position_id);
        if (position) writePosition({ ...position, ...mark, updated_at: account.read_at });
      }
    },
    saveReconciliation: async (_cycleId, result) => {
      tx.run(
        `INSERT INTO reconciliations (reconciliation_id, checked_at, row) VALUES (?, ?, ?)
         ON CONFLICT (reconciliation_id) DO UPDATE SET row = excluded.row`,
        result.reconciliation_id,
        result.checked_at,
        JSON.stringify(result),
      );
    },
    saveFees: async (fees) => void keep('fee', fees),
    saveTransfers: async (transfers) => keep('transfer', transfers),
    noteHaltFile: async (reason, seenAt) => {
      tx.run(
        'INSERT INTO halt_sightings (seen_at, reason) VALUES (?, ?) ON CONFLICT DO NOTHING',
        seenAt,
        reason,
      );
    },

    audit: (note) => {
      const actor = note.actor ?? currentContext()?.caller ?? 'client';
      tx.run(
        `INSERT INTO audit (number, at, row) VALUES (${nextIn('audit', 'number')}, ?, ?)`,
        clock.now(),
        JSON.stringify({ ...note, actor }),
      );
    },
    // nobody else listens on a friend's machine: who wants to know reads the book
    announce: () => {},
    afterCommit,
  };
};

/**
 * The book of the order life in the client's own file: the same promises as a desk's, which the same
 * tests hold it to.
 */
export const createSqliteBook = (deps: Deps): Book => {
  const transaction: Book['transaction'] = async (work) => {
    const after: (() => void)[] = [];
    const result = await deps.database.write((tx) =>
      work(transactionOn(tx, deps, (then) => void after.push(then))),
    );
    for (const then of after) then();
    return result;
  };
  return {
    ...bookReads(deps.database),
    transaction,
    saveAccount: (account, marks) => transaction((tx) => tx.saveAccount(account, marks)),
  };
};
