import type { Bar } from './bar.ts';

/**
 * Mean true range of the last `period` bars (simple mean, in dollars); null with fewer than two
 * bars or no movement.
 */
export const meanTrueRange = (bars: readonly Bar[], period = 14): number | null => {
  const from = Math.max(1, bars.length - period);
  let sum = 0;
  for (let index = from; index < bars.length; index += 1) {
    const bar = bars[index]!;
    const before = bars[index - 1]!.close;
    sum += Math.max(bar.high, before) - Math.min(bar.low, before);
  }
  const mean = sum / (bars.length - from);
  return Number.isFinite(mean) && mean > 0 ? mean : null;
};
