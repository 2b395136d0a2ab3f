import { Exact } from '@catalyst/domain';
import { notStated, stated, type MeasuredTrade, type Metric } from './metric.ts';
import { isLoss, isWin } from './outcome.ts';

const mean = (trades: readonly MeasuredTrade[], none: string): Metric => {
  if (trades.length === 0) return notStated(none);
  const sum = trades.reduce((total, trade) => total.plus(trade.realized_pnl_usd), new Exact(0));
  return stated(sum.div(trades.length).toDecimalPlaces(2).toNumber());
};

/** Mean dollars of the winning trades, to the cent. */
export const averageWin = (trades: readonly MeasuredTrade[]): Metric =>
  mean(trades.filter(isWin), 'no winning trade');
/** Mean dollars of the losing trades, to the cent; negative. */
export const averageLoss = (trades: readonly MeasuredTrade[]): Metric =>
  mean(trades.filter(isLoss), 'no losing trade');
