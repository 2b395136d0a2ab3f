import type { TradeDate } from '@catalyst/domain';

/** An adjusted close of one trading day. */
export interface DailyClose {
  trade_date: TradeDate;
  close: number;
}

export interface CorrelationOptions {
  /** Daily returns that count, the latest. */
  window?: number;
  /** Fewer pairs than this say nothing. */
  min_pairs?: number;
}

/** Fewer daily returns than this in common say nothing. */
export const MIN_RETURN_PAIRS = 20;

/**
 * Pearson's r of two equally long lists, -1..+1; null where one of them does not vary or they are
 * too short.
 */
export const pearson = (left: readonly number[], right: readonly number[]): number | null => {
  const count = Math.min(left.length, right.length);
  if (count < 2) return null;
  const mean = (values: readonly number[]): number =>
    values.slice(0, count).reduce((sum, value) => sum + value, 0) / count;
  const leftMean = mean(left);
  const rightMean = mean(right);
  let covariance = 0;
  let leftVariance = 0;
  let rightVariance = 0;
  for (let index = 0; index < count; index += 1) {
    const a = left[index]! - leftMean;
    const b = right[index]! - rightMean;
    covariance += a * b;
    leftVariance += a * a;
    rightVariance += b * b;
  }
  const value = covariance / Math.sqrt(leftVariance * rightVariance);
  return Number.isFinite(value) ? Math.min(1, Math.max(-1, value)) : null;
};

/**
 * Correlation of daily returns over days that both traded (60 returns by default); null with fewer
 * than 20 pairs.
 */
export const correlateReturns = (
  left: readonly DailyClose[],
  right: readonly DailyClose[],
  options: CorrelationOptions = {},
): number | null => {
  const { window = 60, min_pairs = MIN_RETURN_PAIRS } = options;
  const rightByDate = new Map(right.map((day) => [day.trade_date, day.close]));
  const shared = left
    .filter((day) => day.close > 0 && (rightByDate.get(day.trade_date) ?? 0) > 0)
    .toSorted((a, b) => (a.trade_date < b.trade_date ? -1 : 1))
    .slice(-(window + 1));
  const leftReturns: number[] = [];
  const rightReturns: number[] = [];
  for (let index = 1; index < shared.length; index += 1) {
    const today = shared[index]!;
    const before = shared[index - 1]!;
    leftReturns.push(today.close / before.close - 1);
    rightReturns.push(rightByDate.get(today.trade_date)! / rightByDate.get(before.trade_date)! - 1);
  }
  return leftReturns.length < min_pairs ? null : pearson(leftReturns, rightReturns);
};

/** The two of several symbols that move together most; null where no two have history enough. */
export const closestPair = (
  held: readonly { symbol: string; closes: readonly DailyClose[] }[],
): { symbols: readonly [string, string]; correlation: number } | null => {
  let closest: { symbols: readonly [string, string]; correlation: number } | null = null;
  for (const [index, left] of held.entries())
    for (const right of held.slice(index + 1)) {
      const correlation = correlateReturns(left.closes, right.closes);
      if (correlation !== null && (closest === null || correlation > closest.correlation))
        closest = { symbols: [left.symbol, right.symbol], correlation };
    }
  return closest;
};
