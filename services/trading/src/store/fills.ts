import type { BookedFill, DecimalString, Instant } from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';

export interface FillRow {
  execution_id: string;
  client_order_id: string;
  qty: DecimalString;
  price: DecimalString;
  filled_at: Instant;
}

/**
 * Returns false when the execution is known. Looked up first: a number taken in vain would leave a
 * gap.
 */
export const insertFill = async (
  db: Queryable,
  { execution_id, client_order_id, qty, price, filled_at }: FillRow,
): Promise<boolean> => {
  const known = await db.query('SELECT 1 FROM fills WHERE execution_id = $1', [execution_id]);
  if (known.length > 0) return false;
  await db.query(
    `INSERT INTO fills (seq, execution_id, client_order_id, qty, price, filled_at)
     VALUES (next_seq('fills'), $1, $2, $3, $4, $5)`,
    [execution_id, client_order_id, qty, price, filled_at],
  );
  return true;
};

export const knownExecutions = async (
  db: Queryable,
  executionIds: readonly string[],
): Promise<Set<string>> =>
  new Set(
    (
      await db.query<{ execution_id: string }>(
        'SELECT execution_id FROM fills WHERE execution_id = ANY ($1)',
        [executionIds],
      )
    ).map(({ execution_id }) => execution_id),
  );

/** Executions of a position, with what their orders say of them. */
export const listFillsOf = (db: Queryable, positionId: string): Promise<BookedFill[]> =>
  db.query<BookedFill>(
    `SELECT f.execution_id, o.side, o.role, f.qty, f.price, f.filled_at, o.exit_reason, o.is_adopted FROM fills f
     JOIN orders o USING (client_order_id) WHERE o.position_id = $1`,
    [positionId],
  );

/** Shares booked so far for one order. */
export const bookedQty = async (db: Queryable, clientOrderId: string): Promise<DecimalString> =>
  (
    await db.query<{ qty: DecimalString }>(
      'SELECT coalesce(sum(qty), 0) AS qty FROM fills WHERE client_order_id = $1',
      [clientOrderId],
    )
  )[0]!.qty;

/** Shares booked so far for all orders of a position, in and out added up. */
export const bookedQtyOfPosition = async (
  db: Queryable,
  positionId: string,
): Promise<DecimalString> =>
  (
    await db.query<{ qty: DecimalString }>(
      `SELECT coalesce(sum(f.qty), 0) AS qty FROM fills f JOIN orders o USING (client_order_id)
       WHERE o.position_id = $1`,
      [positionId],
    )
  )[0]!.qty;
