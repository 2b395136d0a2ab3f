const ATR_PERIOD = 14;
const BOLLINGER_PERIOD = 20;
const BOLLINGER_DEVIATIONS = 2;

/**
 * Average true range after Wilder: seeded with the mean of the first 14 true ranges (the first
 * bar has none), then smoothed by 1 / 14.
 */
export const extendAtr = (
  { high, low, close }: { high: Float64Array; low: Float64Array; close: Float64Array },
  out: Float64Array,
  from: number,
  to: number,
): void => {
  const trueRange = (index: number): number => {
    const before = close[index - 1]!;
    return Math.max(high[index]!, before) - Math.min(low[index]!, before);
  };
  let index = from;
  for (; index < to && index < ATR_PERIOD; index += 1) out[index] = Number.NaN;
  if (index >= to) return;
  if (index === ATR_PERIOD) {
    let sum = 0;
    for (let each = 1; each <= ATR_PERIOD; each += 1) sum += trueRange(each);
    out[index] = sum / ATR_PERIOD;
    index += 1;
  }
  let average = out[index - 1]!;
  for (; index < to; index += 1) {
    average += (trueRange(index) - average) / ATR_PERIOD;
    out[index] = average;
  }
};

/**
 * Bollinger bands: two population standard deviations around `means`, the simple average of 20.
 * Each window is looked at anew: a running sum of squares loses its digits where prices are large
 * and moves small.
 */
export const extendBollinger = (
  values: Float64Array,
  means: Float64Array,
  upper: Float64Array,
  lower: Float64Array,
  from: number,
  to: number,
): void => {
  for (let index = from; index < to; index += 1) {
    const mean = means[index]!;
    // two sums side by side, since each addition waits for the one before
    let even = 0;
    let odd = 0;
    for (let each = Math.max(0, index - BOLLINGER_PERIOD + 1); each < index; each += 2) {
      const left = values[each]! - mean;
      const right = values[each + 1]! - mean;
      even += left * left;
      odd += right * right;
    }
    const width = BOLLINGER_DEVIATIONS * Math.sqrt((even + odd) / BOLLINGER_PERIOD);
    upper[index] = mean + width;
    lower[index] = mean - width;
  }
};
