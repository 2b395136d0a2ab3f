import { createHash } from 'node:crypto';
import type { DailyReport } from '@catalyst/contracts';
import { canonicalJson } from '@catalyst/domain';

/**
 * SHA-256 (hex) of what a report states: two reports of a day with the same one say the same. When
 * it was made, when the books were last held against the broker's, and readings of the account
 * after the last trade are not part of it.
 */
export const fingerprint = (report: Omit<DailyReport, 'mail'>): string => {
  const {
    performance,
    reconciliation,
    trades,
    trades_digest,
    candidates,
    universe,
    securities,
    orders,
    fills,
    open_positions,
    open_orders,
    news,
    errors,
    limits_in_part,
  } = report;
  // the two metrics that are read from the account rather than from the trades may still move by a
  // reading
  const { max_drawdown_usd: _, ...measured } = performance;
  const books = reconciliation && {
    ...reconciliation,
    reconciliation_id: undefined,
    checked_at: undefined,
  };
  const numbers = {
    measured,
    books,
    trades: trades.map(({ position_id: _id, ...told }) => told),
    trades_digest,
    candidates,
    universe,
    securities,
    orders,
    fills,
    open_positions,
    open_orders,
    news,
    errors,
    limits_in_part,
  };
  return createHash('sha256').update(canonicalJson(numbers)).digest('hex');
};
