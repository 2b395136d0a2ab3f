import { extendEma } from './moving-averages.ts';

const RSI_PERIOD = 14;

/**
 * Relative strength index after Wilder (1978): 100 x mean gain / (mean gain + mean loss), smoothed
 * by 1 / 14. NaN while nothing has moved; 100 with gains only. `gainAndLoss` carries
 * both means from bar to bar, 0 before the first.
 */
export const extendRsi = (
  values: Float64Array,
  gainAndLoss: Float64Array,
  out: Float64Array,
  from: number,
  to: number,
): void => {
  let gain = gainAndLoss[0]!;
  let loss = gainAndLoss[1]!;
  for (let index = from; index < to; index += 1) {
    const change = index > 0 ? values[index]! - values[index - 1]! : 0;
    const up = change > 0 ? change : 0;
    const down = change < 0 ? -change : 0;
    if (index <= RSI_PERIOD) {
      gain += up / RSI_PERIOD;
      loss += down / RSI_PERIOD;
    } else {
      gain = (gain * (RSI_PERIOD - 1) + up) / RSI_PERIOD;
      loss = (loss * (RSI_PERIOD - 1) + down) / RSI_PERIOD;
    }
    out[index] = index < RSI_PERIOD ? Number.NaN : (100 * gain) / (gain + loss);
  }
  gainAndLoss[0] = gain;
  gainAndLoss[1] = loss;
};

/** The columns of a MACD: both averages, their difference, its average and the rest. */
export interface MacdColumns {
  ema_12: Float64Array;
  ema_26: Float64Array;
  macd: Float64Array;
  macd_signal: Float64Array;
  macd_histogram: Float64Array;
}

/**
 * Moving average convergence divergence: EMA 12 - EMA 26, its EMA 9 as the signal, and their
 * difference. Both averages are seeded at their own first bar, the signal nine bars after the first
 * difference.
 */
export const extendMacd = (
  values: Float64Array,
  { ema_12, ema_26, macd, macd_signal, macd_histogram }: MacdColumns,
  from: number,
  to: number,
): void => {
  extendEma(values, 12, ema_12, from, to);
  extendEma(values, 26, ema_26, from, to);
  for (let index = from; index < to; index += 1) macd[index] = ema_12[index]! - ema_26[index]!;
  extendEma(macd, 9, macd_signal, from, to, 25);
  for (let index = from; index < to; index += 1)
    macd_histogram[index] = macd[index]! - macd_signal[index]!;
};
