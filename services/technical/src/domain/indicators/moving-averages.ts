// Each function here and beside it fills `out[from..to)` and trusts what stands before `from`; so the
// same lines make a whole column, go on when a bar is added, and give the last value alone. A value
// that is not defined yet is NaN.

/**
 * Simple moving average: the mean of the last `period` values. A window is summed in two parts that
 * meet at a multiple of the period. Each part grows by one addition a bar and nothing is ever taken
 * away, so a price of the past leaves no rounding error behind, and the sum at a bar is the same
 * from wherever one begins.
 */
export const extendSma = (
  values: Float64Array,
  period: number,
  out: Float64Array,
  from: number,
  to: number,
): void => {
  for (let block = from - (from % period); block < to; block += period) {
    const first = Math.max(block, from);
    const end = Math.min(block + period, to);
    const full = block + period - 1;
    if (full < end) out[full] = 0;
    if (block === 0) out.fill(Number.NaN, first, Math.min(full, end));
    else {
      // the part of each window that lies in the block before
      let tail = 0;
      for (let index = full - 1; index >= first; index -= 1) {
        tail += values[index - period + 1]!;
        if (index < end) out[index] = tail;
      }
    }
    let head = 0;
    for (let index = block; index < first; index += 1) head += values[index]!;
    for (let index = first; index < end; index += 1) {
      head += values[index]!;
      out[index] = (out[index]! + head) / period;
    }
  }
};

/**
 * Exponential moving average with weight 2 / (period + 1), seeded with the simple average of the
 * first `period` values; `start` is the first index that has a value.
 */
export const extendEma = (
  values: Float64Array,
  period: number,
  out: Float64Array,
  from: number,
  to: number,
  start = 0,
): void => {
  const weight = 2 / (period + 1);
  const seeded = start + period - 1;
  let index = from;
  for (; index < to && index < seeded; index += 1) out[index] = Number.NaN;
  if (index >= to) return;
  if (index === seeded) {
    let sum = 0;
    for (let each = start; each <= seeded; each += 1) sum += values[each]!;
    out[index] = sum / period;
    index += 1;
  }
  let average = out[index - 1]!;
  for (; index < to; index += 1) {
    average += (values[index]! - average) * weight;
    out[index] = average;
  }
};
