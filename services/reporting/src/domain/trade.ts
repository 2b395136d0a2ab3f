import type { Trade } from '@catalyst/contracts';
import { rMultiple, toCents, type Direction, type ExitReason } from '@catalyst/domain';

/** A closed position with the chain that led to it, as the database has it. */
export interface ClosedPosition {
  position_id: string;
  /** New York's date of the exit. */
  trade_date: string;
  symbol: string;
  direction: Direction;
  qty: string;
  entered_at: string;
  entry_price: string;
  exited_at: string;
  exit_price: string;
  exit_reason: ExitReason;
  initial_stop_price: string | null;
  realized_pnl_usd: string;
  decision_reason: string | null;
  pattern: string | null;
  catalyst_type: Trade['catalyst_type'];
  headline: string | null;
  sentiment: number | null;
}

export const toTrade = (position: ClosedPosition): Trade => ({
  position_id: position.position_id,
  symbol: position.symbol,
  side: position.direction,
  qty: position.qty,
  entry_at: position.entered_at,
  entry_price: position.entry_price,
  exit_at: position.exited_at,
  exit_price: position.exit_price,
  exit_reason: position.exit_reason,
  realized_pnl_usd: toCents(position.realized_pnl_usd),
  r_multiple: rMultiple(
    position.direction,
    position.entry_price,
    position.exit_price,
    position.initial_stop_price,
  ),
  hold_minutes:
    Math.round((Date.parse(position.exited_at) - Date.parse(position.entered_at)) / 600) / 100,
  pattern: position.pattern,
  catalyst_type: position.catalyst_type,
  headline: position.headline,
  entry_reason: position.decision_reason,
});
