import { Exact } from '@catalyst/domain';
import { notStated, stated, type MeasuredTrade, type Metric } from './metric.ts';
import { isLoss, isWin } from './outcome.ts';

/**
 * Gross profit / gross loss in dollars. Above 1 earns. Without a loss it would be infinite, so it
 * is n/a and says so.
 */
export const profitFactor = (trades: readonly MeasuredTrade[]): Metric => {
  if (trades.length === 0) return notStated('no trades');
  if (!trades.some(isLoss)) return notStated('no losing trade to divide by');
  const sum = (of: readonly MeasuredTrade[]) =>
    of.reduce((total, trade) => total.plus(trade.realized_pnl_usd), new Exact(0));
  return stated(
    sum(trades.filter(isWin))
      .div(sum(trades.filter(isLoss)).abs())
      .toDecimalPlaces(4)
      .toNumber(),
  );
};
