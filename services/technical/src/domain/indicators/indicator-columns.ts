import type { Bar } from '@catalyst/domain';
import { extendEma, extendSma } from './moving-averages.ts';
import { extendMacd, extendRsi } from './oscillators.ts';
import { extendAtr, extendBollinger } from './volatility.ts';
import { extendObv, extendVolumeRatio } from './volume.ts';

/** Bars of one timeframe as columns, oldest first, adjusted for splits. */
export type BarColumns = Readonly<Record<'high' | 'low' | 'close' | 'volume', Float64Array>>;

/** The bars, one column per indicator, and the averages that others are made from. */
const createColumns = (length: number, bars?: BarColumns) => {
  const column = () => new Float64Array(length);
  return {
    high: bars?.high ?? column(),
    low: bars?.low ?? column(),
    close: bars?.close ?? column(),
    volume: bars?.volume ?? column(),
    sma_20: column(),
    sma_50: column(),
    sma_200: column(),
    ema_9: column(),
    ema_21: column(),
    rsi_14: column(),
    ema_12: column(),
    ema_26: column(),
    macd: column(),
    macd_signal: column(),
    macd_histogram: column(),
    atr_14: column(),
    bollinger_upper: column(),
    bollinger_lower: column(),
    obv: column(),
    volume_sma_20: column(),
    volume_ratio: column(),
  };
};
type Columns = ReturnType<typeof createColumns>;

/** Bars and their indicators; a bar is added with `addBar`. */
export interface IndicatorColumns {
  bars: number;
  /** Longer than `bars`: there is room for more. Values that are not defined yet are NaN. */
  columns: Columns;
  /** Mean gain and mean loss of the RSI at the last bar: no column tells them. */
  gain_and_loss: Float64Array;
}

/**
 * Values at the last bar. Prices in dollars, RSI 0..100, volume ratio as a multiple of the mean;
 * null where too few bars exist.
 */
export type IndicatorSet = Record<
  | 'sma_20'
  | 'sma_50'
  | 'sma_200'
  | 'ema_9'
  | 'ema_21'
  | 'rsi_14'
  | 'macd'
  | 'macd_signal'
  | 'macd_histogram'
  | 'atr_14'
  | 'bollinger_upper'
  | 'bollinger_middle'
  | 'bollinger_lower'
  | 'obv'
  | 'volume_ratio',
  number | null
>;

const ROOM = 128;

/** Indicators that look back a fixed number of bars. */
const extendWindows = (columns: Columns, from: number, to: number): void => {
  const { close, volume, sma_20, volume_sma_20 } = columns;
  extendSma(close, 20, sma_20, from, to);
  extendSma(close, 50, columns.sma_50, from, to);
  extendSma(close, 200, columns.sma_200, from, to);
  extendBollinger(close, sma_20, columns.bollinger_upper, columns.bollinger_lower, from, to);
  extendSma(volume, 20, volume_sma_20, Math.max(0, from - 1), to);
  extendVolumeRatio(volume, volume_sma_20, columns.volume_ratio, from, to);
};

/** Indicators whose value at a bar goes on from the bar before. */
const extendRunning = (
  { columns, gain_and_loss }: IndicatorColumns,
  from: number,
  to: number,
): void => {
  const { close, volume } = columns;
  extendEma(close, 9, columns.ema_9, from, to);
  extendEma(close, 21, columns.ema_21, from, to);
  extendRsi(close, gain_and_loss, columns.rsi_14, from, to);
  extendMacd(close, columns, from, to);
  extendAtr(columns, columns.atr_14, from, to);
  extendObv(close, volume, columns.obv, from, to);
};

const begin = (bars: number, columns: Columns): IndicatorColumns => ({
  bars,
  columns,
  gain_and_loss: new Float64Array(2),
});

/** The value of every indicator at every bar. */
export const computeColumns = (bars: BarColumns): IndicatorColumns => {
  const length = bars.close.length;
  const indicators = begin(length, createColumns(length, bars));
  extendWindows(indicators.columns, 0, length);
  extendRunning(indicators, 0, length);
  return indicators;
};

const writeBar = (columns: Columns, index: number, bar: Bar): void => {
  columns.high[index] = bar.high;
  columns.low[index] = bar.low;
  columns.close[index] = bar.close;
  columns.volume[index] = bar.volume;
};

/** Indicators at the last of `bars` alone, with room for those that are added. */
export const createIndicators = (bars: readonly Bar[]): IndicatorColumns => {
  const { length } = bars;
  const indicators = begin(length, createColumns(length + ROOM));
  bars.forEach((bar, index) => writeBar(indicators.columns, index, bar));
  if (length > 0) extendWindows(indicators.columns, length - 1, length);
  extendRunning(indicators, 0, length);
  return indicators;
};

/** Goes on by one bar; the values are those that all bars together would give, to the bit. */
export const addBar = (indicators: IndicatorColumns, bar: Bar): void => {
  const { bars } = indicators;
  if (bars === indicators.columns.close.length) {
    const longer = createColumns(bars + ROOM);
    for (const [name, column] of Object.entries(longer))
      column.set(indicators.columns[name as keyof Columns]);
    indicators.columns = longer;
  }
  writeBar(indicators.columns, bars, bar);
  extendWindows(indicators.columns, bars, bars + 1);
  extendRunning(indicators, bars, bars + 1);
  indicators.bars = bars + 1;
};

/** Values at bar `index`, by default the last. */
export const indicatorsAt = (
  { bars, columns }: IndicatorColumns,
  index = bars - 1,
): IndicatorSet => {
  const at = (column: Float64Array): number | null => {
    const value = column[index];
    return value !== undefined && index < bars && Number.isFinite(value) ? value : null;
  };
  return {
    sma_20: at(columns.sma_20),
    sma_50: at(columns.sma_50),
    sma_200: at(columns.sma_200),
    ema_9: at(columns.ema_9),
    ema_21: at(columns.ema_21),
    rsi_14: at(columns.rsi_14),
    macd: at(columns.macd),
    macd_signal: at(columns.macd_signal),
    macd_histogram: at(columns.macd_histogram),
    atr_14: at(columns.atr_14),
    bollinger_upper: at(columns.bollinger_upper),
    bollinger_middle: at(columns.sma_20),
    bollinger_lower: at(columns.bollinger_lower),
    obv: at(columns.obv),
    volume_ratio: at(columns.volume_ratio),
  };
};
