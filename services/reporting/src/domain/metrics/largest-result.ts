import { compare } from '@catalyst/domain';
import { notStated, stated, type MeasuredTrade, type Metric } from './metric.ts';
import { isLoss, isWin } from './outcome.ts';

const furthest = (trades: readonly MeasuredTrade[], sign: 1 | -1, none: string): Metric => {
  const [first, ...rest] = trades;
  if (!first) return notStated(none);
  const best = rest.reduce(
    (found, trade) =>
      compare(trade.realized_pnl_usd, found) === sign ? trade.realized_pnl_usd : found,
    first.realized_pnl_usd,
  );
  return stated(Number(best));
};

/** Dollars of the most profitable trade. */
export const largestWin = (trades: readonly MeasuredTrade[]): Metric =>
  furthest(trades.filter(isWin), 1, 'no winning trade');
/** Dollars of the most costly trade; negative. */
export const largestLoss = (trades: readonly MeasuredTrade[]): Metric =>
  furthest(trades.filter(isLoss), -1, 'no losing trade');
