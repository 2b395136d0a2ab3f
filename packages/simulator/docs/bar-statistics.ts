/**
 * What a session's minute bars are like; returns are logarithms of one close over the close before.
 */
export interface BarStatistics {
  /** Fourth standardised moment of 1-minute returns; 3 for a normal distribution. */
  kurtosis: number;
  /** Autocorrelation of returns at a lag of one minute. */
  return_autocorrelation: number;
  /** Autocorrelation of squared returns at `SQUARED_LAGS`. */
  squared_autocorrelation: number[];
  /** Share of the session's volume in each half hour, from the open. */
  volume_profile: number[];
  /**
   * Mean of a minute's high less its low, as a ratio of the close, over the mean absolute return.
   */
  range_ratio: number;
  /** Spread as a ratio of the price, estimated from highs and lows (`estimateSpread`). */
  spread_estimate: number;
}

/** What is read of a minute bar. */
interface MeasuredBar {
  minute: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

export const SQUARED_LAGS = [1, 2, 3, 5, 10] as const;
const HALF_HOUR = 30;

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const autocorrelation = (values: readonly number[], lag: number): number => {
  const average = mean(values);
  const centred = values.map((value) => value - average);
  const product = centred
    .slice(lag)
    .reduce((sum, value, index) => sum + value * (centred[index] ?? 0), 0);
  return product / centred.reduce((sum, value) => sum + value * value, 0);
};

/** Pearson's correlation of two series of the same length. */
export const correlation = (left: readonly number[], right: readonly number[]): number => {
  const [leftMean, rightMean] = [mean(left), mean(right)];
  const product = left.reduce(
    (sum, value, index) => sum + (value - leftMean) * ((right[index] ?? 0) - rightMean),
    0,
  );
  const squares = (values: readonly number[], average: number): number =>
    values.reduce((sum, value) => sum + (value - average) ** 2, 0);
  return product / Math.sqrt(squares(left, leftMean) * squares(right, rightMean));
};

const HIGH_LOW_CONSTANT = 3 - 2 * Math.SQRT2;

/**
 * The spread, as a ratio of the price, that the highs and lows of neighbouring bars imply (Corwin
 * and Schultz, "A Simple Way to Estimate Bid-Ask Spreads from Daily High and Low Prices", Journal
 * of Finance 2012): the mean over pairs of bars, negative ones counted as nothing. Made for daily
 * bars; on minutes it is an order of magnitude.
 */
const estimateSpread = (bars: readonly MeasuredBar[]): number =>
  mean(
    bars.slice(1).map((second, index) => {
      const first = bars[index] ?? second;
      const beta = Math.log(first.high / first.low) ** 2 + Math.log(second.high / second.low) ** 2;
      const gamma =
        Math.log(Math.max(first.high, second.high) / Math.min(first.low, second.low)) ** 2;
      const alpha =
        (Math.sqrt(2 * beta) - Math.sqrt(beta)) / HIGH_LOW_CONSTANT -
        Math.sqrt(gamma / HIGH_LOW_CONSTANT);
      return Math.max(0, (2 * (Math.exp(alpha) - 1)) / (1 + Math.exp(alpha)));
    }),
  );

/**
 * Measures the regular session, `open` and `close` in minutes since midnight; extended hours are
 * left out.
 */
export const measureBars = (
  bars: readonly MeasuredBar[],
  open: number,
  close: number,
): BarStatistics => {
  const regular = bars.filter(({ minute }) => minute >= open && minute < close);
  const returns = regular
    .slice(1)
    .map((bar, index) => Math.log(bar.close / (regular[index]?.close ?? bar.close)));
  const average = mean(returns);
  const squared = returns.map((value) => (value - average) ** 2);
  const volume = regular.reduce((sum, bar) => sum + bar.volume, 0);
  return {
    kurtosis: mean(squared.map((value) => value * value)) / mean(squared) ** 2,
    return_autocorrelation: autocorrelation(returns, 1),
    squared_autocorrelation: SQUARED_LAGS.map((lag) => autocorrelation(squared, lag)),
    volume_profile: Array.from({ length: (close - open) / HALF_HOUR }, (_, index) => {
      const from = open + index * HALF_HOUR;
      return (
        regular.reduce(
          (sum, bar) =>
            sum + (bar.minute >= from && bar.minute < from + HALF_HOUR ? bar.volume : 0),
          0,
        ) / volume
      );
    }),
    range_ratio:
      mean(regular.map((bar) => (bar.high - bar.low) / bar.close)) / mean(returns.map(Math.abs)),
    spread_estimate: estimateSpread(regular),
  };
};

/** The mean of each figure over symbol-days of the same length. */
export const poolStatistics = (list: readonly BarStatistics[]): BarStatistics => ({
  kurtosis: mean(list.map((item) => item.kurtosis)),
  return_autocorrelation: mean(list.map((item) => item.return_autocorrelation)),
  squared_autocorrelation: SQUARED_LAGS.map((_, index) =>
    mean(list.map((item) => item.squared_autocorrelation[index] ?? 0)),
  ),
  volume_profile: (list[0]?.volume_profile ?? []).map((_, index) =>
    mean(list.map((item) => item.volume_profile[index] ?? 0)),
  ),
  range_ratio: mean(list.map((item) => item.range_ratio)),
  spread_estimate: mean(list.map((item) => item.spread_estimate)),
});
