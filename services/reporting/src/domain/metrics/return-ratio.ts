import { notStated, type Metric } from './metric.ts';
import { dayReturn, type TradingDay } from './trading-day.ts';

/**
 * Return over the period, the days' returns compounded: product of (1 + day's return) - 1. A day
 * whose equity is unknown makes it n/a.
 */
export const returnRatio = (days: readonly TradingDay[]): Metric => {
  if (days.length === 0) return notStated('no trading day in the period');
  const returns = days.map(dayReturn);
  const unknown = days[returns.indexOf(null)];
  if (unknown) return notStated(`the account's equity was not read on ${unknown.trade_date}`);
  const growth = (returns as number[]).reduce((product, value) => product * (1 + value), 1);
  return { value: Math.round((growth - 1) * 1e8) / 1e8, note: null };
};
