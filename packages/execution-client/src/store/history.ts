import { rMultiple, type DecimalString, type Instant } from '@catalyst/domain';
import type { PositionRow } from '@catalyst/order-life';
import type { SkipCode } from '../domain/skip-code.ts';
import type { LocalReads } from './local-database.ts';

/** A signal with what was decided about it and, where it was entered, what came of it. */
export interface HistoryRow {
  seq: number;
  signal_id: string;
  symbol: string;
  decided_at: Instant;
  decision: 'enter' | 'skip';
  code: SkipCode | null;
  reason: string;
  /** Dollars; null where nothing was entered or it is open still. */
  result_usd: DecimalString | null;
  /** In units of what the stop risked. */
  r_multiple: number | null;
}

/** The newest first. */
export const readHistory = (database: LocalReads, limit: number): HistoryRow[] =>
  database
    .all<Omit<HistoryRow, 'result_usd' | 'r_multiple'> & { position: string | null }>(
      `SELECT d.seq, d.signal_id, coalesce(s.symbol, '') AS symbol, d.decided_at, d.decision, d.code,
         d.reason, p.row AS position
       FROM decisions d LEFT JOIN signals s USING (signal_id)
       LEFT JOIN positions p ON p.intent_id = d.intent ->> 'intent_id'
       ORDER BY d.decided_at DESC, d.seq DESC LIMIT ?`,
      limit,
    )
    .map(({ position, ...row }) => {
      const held = position === null ? null : (JSON.parse(position) as PositionRow);
      const isOver = held?.status === 'closed' && held.entry_price !== null;
      return {
        ...row,
        result_usd: isOver ? held.realized_pnl_usd : null,
        r_multiple:
          isOver && held.exit_price !== null
            ? rMultiple(held.direction, held.entry_price!, held.exit_price, held.initial_stop_price)
            : null,
      };
    });
