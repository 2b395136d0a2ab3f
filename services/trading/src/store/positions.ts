import type { Position } from '@catalyst/contracts';
import {
  type DecimalString,
  type Direction,
  type ExitReason,
  type Instant,
  type PositionStatus,
  rMultiple,
} from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';

export interface PositionRow {
  position_id: string;
  cycle_id: string | null;
  security_id: number;
  symbol: string;
  intent_id: string | null;
  direction: Direction;
  status: PositionStatus;
  qty: DecimalString;
  entered_qty: DecimalString;
  entry_notional: DecimalString;
  exit_notional: DecimalString;
  entry_price: DecimalString | null;
  entered_at: Instant | null;
  exit_price: DecimalString | null;
  exited_at: Instant | null;
  exit_reason: ExitReason | null;
  initial_stop_price: DecimalString | null;
  target_price: DecimalString | null;
  last_price: DecimalString | null;
  last_price_at: Instant | null;
  unrealized_pnl_usd: DecimalString;
  realized_pnl_usd: DecimalString;
  is_protected: boolean;
  is_adopted: boolean;
  created_at: Instant;
  updated_at: Instant;
}

const COLUMNS = `p.position_id, p.cycle_id, p.security_id, s.symbol, p.intent_id, p.direction, p.status, p.qty, p.entered_qty, p.entry_notional, p.exit_notional, p.entry_price, p.entered_at, p.exit_price,
  p.exited_at, p.exit_reason, p.initial_stop_price, p.target_price, p.last_price, p.last_price_at, p.unrealized_pnl_usd, p.realized_pnl_usd, p.is_protected, p.is_adopted, p.created_at, p.updated_at`;
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
  securityId: number,
): Promise<PositionRow | undefined> =>
  (
    await db.query<PositionRow>(
      `SELECT ${COLUMNS} ${FROM} WHERE p.security_id = $1 AND p.status <> 'closed'`,
      [securityId],
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

type NewPosition = Pick<
  PositionRow,
  | 'position_id'
  | 'cycle_id'
  | 'security_id'
  | 'intent_id'
  | 'direction'
  | 'initial_stop_price'
  | 'target_price'
  | 'is_adopted'
  | 'created_at'
>;

export const insertPosition = async (db: Queryable, row: NewPosition): Promise<void> => {
  await db.query(
    `INSERT INTO positions (position_id, cycle_id, security_id, intent_id, direction, status, qty,
       entered_qty, initial_stop_price, target_price, is_adopted, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, 'opening', 0, 0, $6, $7, $8, $9, $9)
     ON CONFLICT (position_id) DO NOTHING`,
    [
      row.position_id,
      row.cycle_id,
      row.security_id,
      row.intent_id,
      row.direction,
      row.initial_stop_price,
      row.target_price,
      row.is_adopted,
      row.created_at,
    ],
  );
};

export const updatePosition = async (db: Queryable, row: PositionRow): Promise<void> => {
  await db.query(
    `UPDATE positions SET status = $2, qty = $3, entered_qty = $4, entry_notional = $5,
       exit_notional = $6, entry_price = $7, entered_at = $8, exit_price = $9, exited_at = $10,
       exit_reason = $11, initial_stop_price = $12, last_price = $13, unrealized_pnl_usd = $14,
       realized_pnl_usd = $15, is_protected = $16, updated_at = $17
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
    ],
  );
};

/** The position as the contract shows it. */
export const toPosition = (row: PositionRow): Position => {
  const {
    position_id,
    cycle_id,
    symbol,
    direction,
    status,
    qty,
    entered_qty,
    entry_price,
    entered_at,
    exit_price,
    exited_at,
    exit_reason,
    initial_stop_price,
    target_price,
    last_price,
    last_price_at,
    unrealized_pnl_usd,
    realized_pnl_usd,
    is_protected,
    is_adopted,
    intent_id,
  } = row;
  const r_multiple =
    status === 'closed' && entry_price !== null && exit_price !== null
      ? rMultiple(direction, entry_price, exit_price, initial_stop_price)
      : null;
  return {
    position_id,
    cycle_id,
    symbol,
    direction,
    status,
    qty,
    entered_qty,
    entry_price,
    entered_at,
    exit_price,
    exited_at,
    exit_reason,
    initial_stop_price,
    target_price,
    last_price,
    last_price_at,
    unrealized_pnl_usd,
    realized_pnl_usd,
    r_multiple,
    is_protected,
    is_adopted,
    intent_id,
  };
};
