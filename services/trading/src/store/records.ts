import type { Reconciliation } from '@catalyst/contracts';
import type { Instant } from '@catalyst/domain';
import {
  ASSUMED,
  type AccountRow,
  type ApprovalRow,
  type BookSummary,
  type Mark,
} from '@catalyst/order-life';
import type { Queryable } from '@catalyst/service-kit';

export const readApproval = async (
  db: Queryable,
  approvalId: string,
): Promise<ApprovalRow | undefined> =>
  (
    await db.query<ApprovalRow>(
      `SELECT approval_id, intent_hash, qty, approved_at, expires_at
       FROM v_risk_approvals WHERE approval_id = $1`,
      [approvalId],
    )
  )[0];

const SAVE_SNAPSHOT = `INSERT INTO account_snapshots
       (read_at, account_number, equity_usd, last_equity_usd, cash_usd, buying_power_usd,
        maintenance_margin_usd, blocked_reason, fills_seq)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (read_at) DO UPDATE SET equity_usd = excluded.equity_usd,
       last_equity_usd = excluded.last_equity_usd, cash_usd = excluded.cash_usd,
       buying_power_usd = excluded.buying_power_usd,
       maintenance_margin_usd = excluded.maintenance_margin_usd,
       blocked_reason = excluded.blocked_reason, fills_seq = excluded.fills_seq`;

/** The account and the prices of what is held as of one instant, in one statement. */
export const saveAccount = async (
  db: Queryable,
  account: AccountRow,
  marks: readonly Mark[] = [],
): Promise<void> => {
  await db.query(
    `WITH account AS (${SAVE_SNAPSHOT})
     UPDATE positions p
     SET last_price = n.last_price, unrealized_pnl_usd = n.unrealized, updated_at = $1,
       last_price_at = n.last_price_at
     FROM unnest($10::uuid[], $11::numeric[], $12::numeric[], $13::timestamptz[])
       AS n(position_id, last_price, unrealized, last_price_at)
     WHERE p.position_id = n.position_id`,
    [
      account.read_at,
      account.account_number,
      account.equity_usd,
      account.last_equity_usd,
      account.cash_usd,
      account.buying_power_usd,
      account.maintenance_margin_usd,
      account.blocked_reason,
      account.fills_seq,
      marks.map(({ position_id }) => position_id),
      marks.map(({ last_price }) => last_price),
      marks.map(({ unrealized_pnl_usd }) => unrealized_pnl_usd),
      marks.map(({ last_price_at }) => last_price_at),
    ],
  );
};
export const readSnapshot = async (db: Queryable): Promise<AccountRow | undefined> =>
  (
    await db.query<AccountRow>(
      `SELECT read_at, account_number, equity_usd, last_equity_usd, cash_usd, buying_power_usd,
         maintenance_margin_usd, blocked_reason, fills_seq
       FROM account_snapshots ORDER BY read_at DESC LIMIT 1`,
    )
  )[0];

const STREAM = 'trade_updates';
export const readCursor = async (db: Queryable): Promise<number> =>
  (
    await db.query<{ last_seq: number }>('SELECT last_seq FROM broker_cursors WHERE stream = $1', [
      STREAM,
    ])
  )[0]?.last_seq ?? 0;
export const moveCursor = async (db: Queryable, seq: number, at: Instant): Promise<void> => {
  await db.query(
    `INSERT INTO broker_cursors AS c (stream, last_seq, last_at) VALUES ($1, $2, $3)
     ON CONFLICT (stream) DO UPDATE SET last_seq = greatest(c.last_seq, excluded.last_seq),
       last_at = excluded.last_at`,
    [STREAM, seq, at],
  );
};

/** The latest reconciliations, newest first. */
export const listReconciliations = async (
  db: Queryable,
  limit: number,
): Promise<Reconciliation[]> =>
  (
    await db.query<{ result: Reconciliation }>(
      'SELECT result FROM reconciliations ORDER BY checked_at DESC, reconciliation_id DESC LIMIT $1',
      [limit],
    )
  ).map(({ result }) => result);

export const saveReconciliation = async (
  db: Queryable,
  cycleId: string | null,
  result: Reconciliation,
): Promise<void> => {
  await db.query(
    `INSERT INTO reconciliations (reconciliation_id, cycle_id, reconciled, result, checked_at)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (reconciliation_id) DO UPDATE
     SET cycle_id = coalesce(excluded.cycle_id, reconciliations.cycle_id),
       reconciled = excluded.reconciled, result = excluded.result`,
    [
      result.reconciliation_id,
      cycleId,
      result.reconciled,
      JSON.stringify(result),
      result.checked_at,
    ],
  );
};

/**
 * The earliest creation among what is not ended and what ended since `day_start`; null when there
 * is nothing.
 */
export const earliestOpen = async (db: Queryable, dayStart: Instant): Promise<Instant | null> =>
  (
    await db.query<{ at: Instant | null }>(
      `SELECT least(
       (SELECT min(created_at) FROM positions WHERE status <> 'closed' OR exited_at > $1),
       (SELECT min(created_at) FROM orders WHERE status NOT IN ('filled', 'canceled', 'expired',
         'replaced', 'rejected', 'refused'))) AS at`,
      [dayStart],
    )
  )[0]!.at;

/** What the book says since an instant; symbols in `left_out` are not counted in the profit. */
export const summarizeBook = async (
  db: Queryable,
  since: Instant,
  leftOut: readonly string[],
): Promise<BookSummary> =>
  (
    await db.query<BookSummary>(
      `SELECT (SELECT count(*) FROM orders WHERE created_at > $1) AS orders,
         (SELECT count(*) FROM fills WHERE filled_at > $1) AS fills,
       (SELECT count(*) FROM orders WHERE status NOT IN ('filled', 'canceled', 'expired',
         'replaced', 'rejected', 'refused')) AS open_orders,
       (SELECT count(*) FROM positions WHERE status <> 'closed') AS open_positions,
       count(*) AS positions, coalesce(sum(p.realized_pnl_usd), 0) AS realized_pnl_usd
     FROM positions p JOIN securities s USING (security_id)
     WHERE p.created_at > $1 AND NOT s.symbol = ANY ($2)`,
      [since, leftOut],
    )
  )[0]!;

/**
 * Symbols with executions that the desk had to assume since an instant: their profit cannot be held
 * against the broker's.
 */
export const assumedSymbols = async (db: Queryable, since: Instant): Promise<string[]> =>
  (
    await db.query<{ symbol: string }>(
      `SELECT DISTINCT s.symbol FROM fills f JOIN orders o USING (client_order_id)
       JOIN securities s USING (security_id)
       WHERE f.filled_at > $1 AND starts_with(f.execution_id, $2) ORDER BY 1`,
      [since, ASSUMED],
    )
  ).map(({ symbol }) => symbol);
