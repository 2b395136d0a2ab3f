import { notStated, stated, type MeasuredTrade, type Metric } from './metric.ts';
import { isLoss, isWin } from './outcome.ts';

/**
 * Share of decided trades that were won: wins / (wins + losses), 0 to 1. Trades that ended at zero
 * are left out; n/a without a decided trade.
 */
export const winRate = (trades: readonly MeasuredTrade[]): Metric => {
  const wins = trades.filter(isWin).length;
  const decided = wins + trades.filter(isLoss).length;
  return decided === 0 ? notStated('no trade ended with a gain or a loss') : stated(wins / decided);
};
