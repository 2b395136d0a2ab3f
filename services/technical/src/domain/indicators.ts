import { ATR, BollingerBands, EMA, MACD, OBV, SMA } from 'technicalindicators';
import type { Bar } from '@catalyst/domain';

/**
 * One value per bar of the input, null where the indicator is not defined yet (or at all, as RSI in
 * a series that never moves).
 */
export type Series = (number | null)[];

export interface MacdSeries {
  macd: Series;
  signal: Series;
  histogram: Series;
}

export interface BollingerSeries {
  upper: Series;
  middle: Series;
  lower: Series;
}

/**
 * Values at the last bar. Prices in dollars, RSI 0..100, volume ratio as a multiple of the mean;
 * null where too few bars exist.
 */
export interface IndicatorSet {
  bars: number;
  time_id: number | null;
  close: number | null;
  sma_20: number | null;
  sma_50: number | null;
  sma_200: number | null;
  ema_9: number | null;
  ema_21: number | null;
  rsi_14: number | null;
  macd: number | null;
  macd_signal: number | null;
  macd_histogram: number | null;
  atr_14: number | null;
  bollinger_upper: number | null;
  bollinger_middle: number | null;
  bollinger_lower: number | null;
  obv: number | null;
  volume_ratio: number | null;
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/** The library leaves out the bars before its first value; pad them so that index i is bar i. */
const aligned = (length: number, values: readonly (number | undefined)[]): Series => [
  ...Array.from({ length: Math.max(0, length - values.length) }, () => null),
  ...values.map(finite),
];

/** Simple moving average: the mean of the last `period` values. */
export const smaSeries = (values: readonly number[], period: number): Series =>
  aligned(values.length, SMA.calculate({ period, values: [...values] }));

/**
 * Exponential moving average with weight 2 / (period + 1), seeded with the simple average of the
 * first `period` values.
 */
export const emaSeries = (values: readonly number[], period: number): Series =>
  aligned(values.length, EMA.calculate({ period, values: [...values] }));

/**
 * Relative strength index after Wilder (1978): 100 - 100 / (1 + mean gain / mean loss), smoothed by
 * 1 / period. Own loop because technicalindicators rounds to two decimals. Null while nothing has
 * moved; 100 with gains only.
 */
export const rsiSeries = (values: readonly number[], period = 14): Series => {
  const series: Series = values.map(() => null);
  let gain = 0;
  let loss = 0;
  for (let index = 1; index < values.length; index += 1) {
    const change = values[index]! - values[index - 1]!;
    const up = change > 0 ? change : 0;
    const down = change < 0 ? -change : 0;
    if (index <= period) {
      gain += up / period;
      loss += down / period;
    } else {
      gain = (gain * (period - 1) + up) / period;
      loss = (loss * (period - 1) + down) / period;
    }
    if (index >= period) series[index] = finite((100 * gain) / (gain + loss));
  }
  return series;
};

/**
 * Moving average convergence divergence: EMA(fast) - EMA(slow), its EMA as the signal, and their
 * difference.
 */
export const macdSeries = (
  values: readonly number[],
  fast = 12,
  slow = 26,
  signal = 9,
): MacdSeries => {
  const rows = MACD.calculate({
    values: [...values],
    fastPeriod: fast,
    slowPeriod: slow,
    signalPeriod: signal,
    SimpleMAOscillator: false,
    SimpleMASignal: false,
  });
  return {
    macd: aligned(
      values.length,
      rows.map((row) => row.MACD),
    ),
    signal: aligned(
      values.length,
      rows.map((row) => row.signal),
    ),
    histogram: aligned(
      values.length,
      rows.map((row) => row.histogram),
    ),
  };
};

/**
 * Average true range after Wilder, seeded with the mean of the first `period` true ranges (the
 * first bar has none).
 */
export const atrSeries = (bars: readonly Bar[], period = 14): Series =>
  aligned(
    bars.length,
    ATR.calculate({
      period,
      high: bars.map((bar) => bar.high),
      low: bars.map((bar) => bar.low),
      close: bars.map((bar) => bar.close),
    }),
  );

/**
 * Bollinger bands: the simple average and `deviations` population standard deviations around it.
 */
export const bollingerSeries = (
  values: readonly number[],
  period = 20,
  deviations = 2,
): BollingerSeries => {
  const rows = BollingerBands.calculate({ period, stdDev: deviations, values: [...values] });
  return {
    upper: aligned(
      values.length,
      rows.map((row) => row.upper),
    ),
    middle: aligned(
      values.length,
      rows.map((row) => row.middle),
    ),
    lower: aligned(
      values.length,
      rows.map((row) => row.lower),
    ),
  };
};

/**
 * On-balance volume: 0 at the first bar, plus the volume of rising and minus that of falling
 * closes.
 */
export const obvSeries = (bars: readonly Bar[]): Series =>
  bars.length === 0
    ? []
    : [
        0,
        ...aligned(
          bars.length - 1,
          OBV.calculate({
            close: bars.map((bar) => bar.close),
            volume: bars.map((bar) => bar.volume),
          }),
        ),
      ];

/**
 * Volume of each bar as a multiple of the mean of the `period` bars before it; the bar itself does
 * not dilute its own mean.
 */
export const volumeRatioSeries = (bars: readonly Bar[], period = 20): Series => {
  const mean = smaSeries(
    bars.map((bar) => bar.volume),
    period,
  );
  return bars.map((bar, index) => {
    const before = index > 0 ? mean[index - 1] : null;
    return before ? finite(bar.volume / before) : null;
  });
};

const last = (series: Series): number | null => series.at(-1) ?? null;

/**
 * The indicators of the design at the last of `bars` (oldest first, one timeframe, adjusted for
 * splits).
 */
export const computeIndicators = (bars: readonly Bar[]): IndicatorSet => {
  const closes = bars.map((bar) => bar.close);
  const macd = macdSeries(closes);
  const bollinger = bollingerSeries(closes);
  return {
    bars: bars.length,
    time_id: bars.at(-1)?.time_id ?? null,
    close: bars.at(-1)?.close ?? null,
    sma_20: last(smaSeries(closes, 20)),
    sma_50: last(smaSeries(closes, 50)),
    sma_200: last(smaSeries(closes, 200)),
    ema_9: last(emaSeries(closes, 9)),
    ema_21: last(emaSeries(closes, 21)),
    rsi_14: last(rsiSeries(closes)),
    macd: last(macd.macd),
    macd_signal: last(macd.signal),
    macd_histogram: last(macd.histogram),
    atr_14: last(atrSeries(bars)),
    bollinger_upper: last(bollinger.upper),
    bollinger_middle: last(bollinger.middle),
    bollinger_lower: last(bollinger.lower),
    obv: last(obvSeries(bars)),
    volume_ratio: last(volumeRatioSeries(bars)),
  };
};
