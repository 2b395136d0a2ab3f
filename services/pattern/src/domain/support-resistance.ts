import { meanTrueRange, type Bar } from '@catalyst/domain';
import { grade } from './pattern.ts';

export interface PriceLevel {
  kind: 'support' | 'resistance';
  /** Mean of the turning points, dollars. */
  price: number;
  touches: number;
  /** 0..1: touches (60 %), how recent the last touch is (40 %). */
  strength: number;
  first_time_id: number;
  last_time_id: number;
}

export interface Pivot {
  kind: 'high' | 'low';
  price: number;
  index: number;
  time_id: number;
}

export interface LevelOptions {
  /** Bars on each side that a turning point must overtop. */
  reach?: number;
  /** Turning points within this many average true ranges are one level. */
  tolerance_ranges?: number;
  /** Count only turning points of this kind; both by default. */
  turning_points?: Pivot['kind'];
}

/**
 * Turning points: a high above (or low below) the `reach` bars on both sides; of equals the first
 * counts. Oldest first.
 */
export const findPivots = (bars: readonly Bar[], reach = 3): Pivot[] => {
  const pivots: Pivot[] = [];
  for (let index = reach; index < bars.length - reach; index += 1) {
    const bar = bars[index]!;
    let high = true;
    let low = true;
    for (let offset = 1; offset <= reach; offset += 1) {
      const before = bars[index - offset]!;
      const after = bars[index + offset]!;
      if (before.high >= bar.high || after.high > bar.high) high = false;
      if (before.low <= bar.low || after.low < bar.low) low = false;
    }
    if (high) pivots.push({ kind: 'high', price: bar.high, index, time_id: bar.time_id });
    if (low) pivots.push({ kind: 'low', price: bar.low, index, time_id: bar.time_id });
  }
  return pivots;
};

/**
 * Levels where the price has turned, highest first; above the last close they resist, below it they
 * support.
 */
export const findLevels = (bars: readonly Bar[], options: LevelOptions = {}): PriceLevel[] => {
  const { reach = 3, tolerance_ranges = 0.5, turning_points } = options;
  const range = meanTrueRange(bars, bars.length);
  const last = bars.at(-1);
  if (range === null || last === undefined) return [];
  const clusters: Pivot[][] = [];
  let mean = Number.NaN;
  const pivots = findPivots(bars, reach).filter(
    (pivot) => turning_points === undefined || pivot.kind === turning_points,
  );
  for (const pivot of pivots.sort(
    (left, right) => left.price - right.price || left.index - right.index,
  )) {
    const cluster = clusters.at(-1);
    if (cluster && pivot.price - mean <= tolerance_ranges * range) cluster.push(pivot);
    else clusters.push([pivot]);
    const current = clusters.at(-1)!;
    mean = current.reduce((sum, item) => sum + item.price, 0) / current.length;
  }
  return clusters
    .map((cluster): PriceLevel => {
      const price = cluster.reduce((sum, item) => sum + item.price, 0) / cluster.length;
      const newest = cluster.reduce((latest, item) => Math.max(latest, item.index), 0);
      return {
        kind: price > last.close ? 'resistance' : 'support',
        price,
        touches: cluster.length,
        strength: 0.6 * grade(cluster.length, 0, 4) + 0.4 * grade(newest, 0, bars.length - 1),
        first_time_id: cluster.reduce(
          (first, item) => Math.min(first, item.time_id),
          Number.POSITIVE_INFINITY,
        ),
        last_time_id: bars[newest]!.time_id,
      };
    })
    .sort((left, right) => right.price - left.price);
};
