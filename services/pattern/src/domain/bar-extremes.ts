import type { Bar } from '@catalyst/domain';

/** Mean of the bars' volumes, 0 without bars. */
export const meanVolume = (bars: readonly Bar[]): number =>
  bars.length === 0 ? 0 : bars.reduce((sum, bar) => sum + bar.volume, 0) / bars.length;

export const highest = (bars: readonly Bar[]): number =>
  bars.reduce((high, bar) => Math.max(high, bar.high), Number.NEGATIVE_INFINITY);
export const lowest = (bars: readonly Bar[]): number =>
  bars.reduce((low, bar) => Math.min(low, bar.low), Number.POSITIVE_INFINITY);
