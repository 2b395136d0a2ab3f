import type { Bar } from './bar.ts';
import type { TradeDate } from './time.ts';

/** A raw daily bar with New York's date of its session. */
export type DailyBar = Bar & { trade_date: TradeDate };

/**
 * `new_rate` shares replace `old_rate` from the open of `ex_date` (7 for 1: 7 and 1; a reverse 1
 * for 10: 1 and 10).
 */
export interface ShareSplit {
  ex_date: TradeDate;
  old_rate: number;
  new_rate: number;
}

/**
 * Shares that one share of `tradeDate` has become by `asOf`: the product of the splits after it and
 * not later than `asOf`.
 */
export const splitFactor = (
  splits: readonly ShareSplit[],
  tradeDate: TradeDate,
  asOf: TradeDate,
): number => {
  let factor = 1;
  for (const split of splits) {
    if (!(split.old_rate > 0 && split.new_rate > 0)) {
      throw new RangeError(
        `split of ${split.ex_date} must have rates above 0, was ${split.new_rate} for ${split.old_rate}`,
      );
    }
    if (tradeDate < split.ex_date && split.ex_date <= asOf)
      factor *= split.new_rate / split.old_rate;
  }
  return factor;
};

/**
 * Raw daily bars in the share count of `asOf` (dividends are left alone). Volumes are rounded to
 * whole shares.
 */
export const adjustForSplits = (
  bars: readonly DailyBar[],
  splits: readonly ShareSplit[],
  asOf: TradeDate,
): DailyBar[] =>
  bars.map((bar) => {
    const factor = splitFactor(splits, bar.trade_date, asOf);
    if (factor === 1) return bar;
    return {
      ...bar,
      open: bar.open / factor,
      high: bar.high / factor,
      low: bar.low / factor,
      close: bar.close / factor,
      volume: Math.round(bar.volume * factor),
    };
  });

/**
 * Move from the previous close to a price of the day, both in the share count of that day; 0.05 is
 * +5 %. Null without a positive close.
 */
export const gapRatio = (previousClose: number, price: number): number | null => {
  const gap = price / previousClose - 1;
  return previousClose > 0 && Number.isFinite(gap) ? gap : null;
};
