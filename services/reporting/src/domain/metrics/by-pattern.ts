import { add, compare, toCents } from '@catalyst/domain';
import type { MeasuredTrade } from './metric.ts';

export interface PatternResult {
  pattern: string;
  trades: number;
  realized_pnl_usd: string;
}

/**
 * Trades and realised dollars by the pattern they were entered on, the most profitable first, then
 * by name; "none" where no pattern is known.
 */
export const byPattern = (trades: readonly MeasuredTrade[]): PatternResult[] => {
  const groups = Map.groupBy(trades, (trade) => trade.pattern ?? 'none');
  return [...groups]
    .map(([pattern, group]) => ({
      pattern,
      trades: group.length,
      realized_pnl_usd: toCents(add(...group.map((trade) => trade.realized_pnl_usd))),
    }))
    .toSorted(
      (left, right) =>
        compare(right.realized_pnl_usd, left.realized_pnl_usd) ||
        (left.pattern < right.pattern ? -1 : 1),
    );
};
