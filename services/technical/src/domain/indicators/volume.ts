/**
 * On-balance volume: 0 at the first bar, plus the volume of rising and minus that of falling
 * closes.
 */
export const extendObv = (
  close: Float64Array,
  volume: Float64Array,
  out: Float64Array,
  from: number,
  to: number,
): void => {
  let balance = from > 0 ? out[from - 1]! : 0;
  for (let index = from; index < to; index += 1) {
    const change = index > 0 ? close[index]! - close[index - 1]! : 0;
    if (change > 0) balance += volume[index]!;
    else if (change < 0) balance -= volume[index]!;
    out[index] = balance;
  }
};

/**
 * Volume of each bar as a multiple of the mean volume before it (`means`, one value per bar); the
 * bar itself does not dilute its own mean.
 */
export const extendVolumeRatio = (
  volume: Float64Array,
  means: Float64Array,
  out: Float64Array,
  from: number,
  to: number,
): void => {
  for (let index = from; index < to; index += 1)
    out[index] = index > 0 ? volume[index]! / means[index - 1]! : Number.NaN;
};
