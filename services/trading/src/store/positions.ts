import type { Instant } from '@catalyst/domain';
import type { NewPosition, PositionEvent, PositionRow } from '@catalyst/order-life';
import type { Queryable } from '@catalyst/service-kit';

const COLUMNS = `p.position_id, p.cycle_id, s.symbol, p.intent_id, p.direction, p.status, p.qty, p.entered_qty, p.entry_notional, p.exit_notional, p.entry_price, p.entered_at, p.exit_price,
  p.exited_at, p.exit_asked, p.exit_reason, p.initial_stop_price, p.target_price, p.last_price, p.last_price_at, p.unrealized_pnl_usd, p.realized_pnl_usd, p.is_protected, p.is_adopted, p.created_at, p.updated_at`;
const FROM = 'FROM positions p JOIN securities s USING (security_id)';

export const readPosition = async (
  db: Queryable,
  positionId: string,
): Promise<PositionRow | undefined> =>
  (
    await db.query<PositionRow>(`SELECT ${COLUMNS} ${FROM} WHERE p.position_id = $1`, [positionId])
  )[0];

/** Positions that are not closed, by symbol; a symbol has one at most. */
export const listOpenPositions = (db: Queryable): Promise<PositionRow[]> =>
  db.query<PositionRow>(`SELECT ${COLUMNS} ${FROM} WHERE p.status <> 'closed' ORDER BY s.symbol`);

export const readOpenPosition = async (
  db: Queryable,
  symbol: string,
): Promise<PositionRow | undefined> =>
  (
    await db.query<PositionRow>(
      `SELECT ${COLUMNS} ${FROM} WHERE s.symbol = $1 AND p.status <> 'closed'`,
      [symbol],
    )
  )[0];

export const listPositions = (
  db: Queryable,
  { cycle_id, status }: { cycle_id?: string | undefined; status: 'open' | 'closed' | 'all' },
): Promise<PositionRow[]> =>
  db.query<PositionRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE ($1::uuid IS NULL OR p.cycle_id = $1)
       ${status === 'open' ? "AND p.status <> 'closed'" : status === 'closed' ? "AND p.status = 'closed'" : ''} ORDER BY p.created_at, s.symbol, p.position_id`,
    [cycle_id ?? null],
  );

const addPositionEvent = async (
  db: Queryable,
  positionId: string,
  event: string,
  details: object,
  occurredAt: Instant,
): Promise<void> => {
  await db.query(
    `INSERT INTO position_events (seq, position_id, event, details, occurred_at)
     VALUES (next_seq('position_events'), $1, $2, $3, $4)`,
    [positionId, event, JSON.stringify(details), occurredAt],
  );
};

export const addPosition = async (db: Queryable, row: NewPosition): Promise<void> => {
  const added = await db.query(
    `INSERT INTO positions (position_id, cycle_id, security_id, intent_id, direction, status, qty,
       entered_qty, initial_stop_price, target_price, is_adopted, created_at, updated_at)
     VALUES ($1, $2, get_or_create_security($3), $4, $5, 'opening', 0, 0, $6, $7, $8, $9, $9)
     ON CONFLICT (position_id) DO NOTHING RETURNING position_id`,
    [
      row.position_id,
      row.cycle_id,
      row.symbol,
      row.intent_id,
      row.direction,
      row.initial_stop_price,
      row.target_price,
      row.is_adopted,
      row.created_at,
    ],
  );
  if (added.length > 0) await addPositionEvent(db, row.position_id, 'opened', row, row.created_at);
};

export const changePosition = async (
  db: Queryable,
  row: PositionRow,
  event?: PositionEvent,
): Promise<void> => {
  await db.query(
    `UPDATE positions SET status = $2, qty = $3, entered_qty = $4, entry_notional = $5,
       exit_notional = $6, entry_price = $7, entered_at = $8, exit_price = $9, exited_at = $10,
       exit_reason = $11, initial_stop_price = $12, last_price = $13, unrealized_pnl_usd = $14,
       realized_pnl_usd = $15, is_protected = $16, updated_at = $17, exit_asked = $18
     WHERE position_id = $1`,
    [
      row.position_id,
      row.status,
      row.qty,
      row.entered_qty,
      row.entry_notional,
      row.exit_notional,
      row.entry_price,
      row.entered_at,
      row.exit_price,
      row.exited_at,
      row.exit_reason,
      row.initial_stop_price,
      row.last_price,
      row.unrealized_pnl_usd,
      row.realized_pnl_usd,
      row.is_protected,
      row.updated_at,
      row.exit_asked,
    ],
  );
  if (event)
    await addPositionEvent(db, row.position_id, event.event, event.details, event.occurred_at);
};
