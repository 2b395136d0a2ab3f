import { notStated, stated, type Metric } from './metric.ts';
import { dayReturn, type TradingDay } from './trading-day.ts';

/** Fewer days than this say nothing about a year. */
export const SHARPE_MIN_DAYS = 15;
const TRADING_DAYS_PER_YEAR = 252;

/**
 * Annualized Sharpe ratio (Sharpe 1994) of daily returns, risk-free rate zero: mean / sample
 * standard deviation x sqrt(252). N/a with fewer than 15 days, with a day whose equity is unknown,
 * and when all days returned the same.
 */
export const sharpeRatio = (days: readonly TradingDay[]): Metric => {
  if (days.length < SHARPE_MIN_DAYS)
    return notStated(`needs ${SHARPE_MIN_DAYS} trading days, has ${days.length}`);
  const returns = days.map(dayReturn);
  const unknown = days[returns.indexOf(null)];
  if (unknown) return notStated(`the account's equity was not read on ${unknown.trade_date}`);
  const values = returns as number[];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1),
  );
  // equal returns differ by rounding only
  if (deviation <= Math.abs(mean) * 1e-9) return notStated('every day returned the same');
  return stated(Math.round((mean / deviation) * Math.sqrt(TRADING_DAYS_PER_YEAR) * 1e4) / 1e4);
};
