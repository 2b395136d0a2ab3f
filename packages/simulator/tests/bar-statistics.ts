/** What a session's minute bars are like; returns are logarithms of one close over the close before. */
export interface BarStatistics {
  /** Fourth standardised moment of 1-minute returns; 3 for a normal distribution. */
  kurtosis: number;
  /** Autocorrelation of returns at a lag of one minute. */
  return_autocorrelation: number;
  /** Autocorrelation of squared returns at `SQUARED_LAGS`. */
  squared_autocorrelation: number[];
  /** Share of the session's volume in each half hour, from the open. */
  volume_profile: number[];
}

export const SQUARED_LAGS = [1, 2, 3, 5, 10] as const;
const HALF_HOUR = 30;

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const autocorrelation = (values: readonly number[], lag: number): number => {
  const average = mean(values);
  const centred = values.map((value) => value - average);
  const product = centred.slice(lag).reduce((sum, value, index) => sum + value * (centred[index] ?? 0), 0);
  return product / centred.reduce((sum, value) => sum + value * value, 0);
};

/** Pearson's correlation of two series of the same length. */
export const correlation = (left: readonly number[], right: readonly number[]): number => {
  const [leftMean, rightMean] = [mean(left), mean(right)];
  const product = left.reduce((sum, value, index) => sum + (value - leftMean) * ((right[index] ?? 0) - rightMean), 0);
  const squares = (values: readonly number[], average: number): number => values.reduce((sum, value) => sum + (value - average) ** 2, 0);
  return product / Math.sqrt(squares(left, leftMean) * squares(right, rightMean));
};

/** Measures the regular session, `open` and `close` in minutes since midnight; extended hours are left out. */
export const measureBars = (bars: readonly { minute: number; close: number; volume: number }[], open: number, close: number): BarStatistics => {
  const regular = bars.filter(({ minute }) => minute >= open && minute < close);
  const returns = regular.slice(1).map((bar, index) => Math.log(bar.close / (regular[index]?.close ?? bar.close)));
  const average = mean(returns);
  const squared = returns.map((value) => (value - average) ** 2);
  const volume = regular.reduce((sum, bar) => sum + bar.volume, 0);
  return {
    kurtosis: mean(squared.map((value) => value * value)) / mean(squared) ** 2,
    return_autocorrelation: autocorrelation(returns, 1),
    squared_autocorrelation: SQUARED_LAGS.map((lag) => autocorrelation(squared, lag)),
    volume_profile: Array.from({ length: (close - open) / HALF_HOUR }, (_, index) => {
      const from = open + index * HALF_HOUR;
      return regular.reduce((sum, bar) => sum + (bar.minute >= from && bar.minute < from + HALF_HOUR ? bar.volume : 0), 0) / volume;
    }),
  };
};

/** The mean of each figure over symbol-days of the same length. */
export const poolStatistics = (list: readonly BarStatistics[]): BarStatistics => ({
  kurtosis: mean(list.map((item) => item.kurtosis)),
  return_autocorrelation: mean(list.map((item) => item.return_autocorrelation)),
  squared_autocorrelation: SQUARED_LAGS.map((_, index) => mean(list.map((item) => item.squared_autocorrelation[index] ?? 0))),
  volume_profile: (list[0]?.volume_profile ?? []).map((_, index) => mean(list.map((item) => item.volume_profile[index] ?? 0))),
});
