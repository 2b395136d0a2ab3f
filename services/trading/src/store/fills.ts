import type { DecimalString } from '@catalyst/domain';
import type { FillRow, PositionFill } from '@catalyst/order-life';
import type { Queryable } from '@catalyst/service-kit';

/**
 * Returns false when the execution is known. Looked up first: a number taken in vain would leave a
 * gap.
 */
export const addFill = async (
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
export const listFillsOf = (db: Queryable, positionId: string): Promise<PositionFill[]> =>
  db.query<PositionFill>(
    `SELECT f.execution_id, f.client_order_id, o.side, o.role, f.qty, f.price, f.filled_at,
       o.exit_reason, o.is_adopted
     FROM fills f JOIN orders o USING (client_order_id) WHERE o.position_id = $1`,
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

/** Executions are numbered without gaps. */
export const lastFillSeq = async (db: Queryable): Promise<number> =>
  (await db.query<{ last_seq: number }>('SELECT coalesce(max(seq), 0) AS last_seq FROM fills'))[0]!
    .last_seq;
