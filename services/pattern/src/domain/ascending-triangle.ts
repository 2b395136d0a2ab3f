import { meanTrueRange, type Bar, type Timeframe } from '@catalyst/domain';
import { grade, weighConfidence, type Pattern } from './pattern.ts';
import { findPivots } from './support-resistance.ts';
import { planTrade } from './trade-levels.ts';
import { meanVolume } from './bar-extremes.ts';

const LOOK_BACK = 40;
const MIN_BARS = 20;

/**
 * Ascending triangle: at least two highs on one line and two lows that rise towards it, not broken
 * yet; the target is its height.
 * `leastRange` (dollars) keeps the stop of a fast timeframe out of the spread.
 */
export const detectAscendingTriangle = (
  all: readonly Bar[],
  timeframe: Timeframe,
  leastRange = 0,
): Pattern | null => {
  const bars = all.slice(-LOOK_BACK);
  const last = bars.at(-1);
  const range = meanTrueRange(bars, bars.length);
  if (bars.length < MIN_BARS || last === undefined || range === null) return null;
  const pivots = findPivots(bars, 2);
  const top = pivots.reduce(
    (high, pivot) => (pivot.kind === 'high' ? Math.max(high, pivot.price) : high),
    Number.NEGATIVE_INFINITY,
  );
  const highs = pivots.filter((pivot) => pivot.kind === 'high' && pivot.price >= top - 0.6 * range);
  const first = highs[0];
  if (first === undefined || highs.length < 2) return null;
  const lows = pivots.filter((pivot) => pivot.kind === 'low' && pivot.index > first.index);
  const firstLow = lows[0];
  const lastLow = lows.at(-1);
  if (firstLow === undefined || lastLow === undefined || lows.length < 2) return null;
  const level = top;
  const height = level - firstLow.price;
  const rising = lows.every((low, index) => index === 0 || low.price > lows[index - 1]!.price);
  const closing = (lastLow.price - firstLow.price) / height;
  if (
    !rising ||
    height < 2 * range ||
    last.close > level + 0.25 * range ||
    last.close < lastLow.price
  )
    return null;
  const levels = planTrade({
    level,
    structure_stop: lastLow.price - 0.1 * range,
    average_range: Math.max(range, leastRange),
    measured_target: level + height,
  });
  if (levels === null) return null;
  const flatness = (level - Math.min(...highs.map((high) => high.price))) / range;
  const early = meanVolume(bars.slice(first.index, firstLow.index + 1));
  const volumeRatio = early > 0 ? meanVolume(bars.slice(lastLow.index)) / early : 1;
  return {
    ...levels,
    ...weighConfidence({
      touches: { weight: 0.25, value: grade(highs.length, 1, 3) },
      flatness: { weight: 0.2, value: grade(flatness, 0.6, 0.2) },
      rising_lows: { weight: 0.25, value: grade(closing, 0.1, 0.5) * grade(lows.length, 1, 2.5) },
      proximity: { weight: 0.2, value: grade((level - last.close) / height, 0.6, 0.2) },
      volume: { weight: 0.1, value: grade(volumeRatio, 1.2, 0.8) },
    }),
    pattern: 'ascending_triangle',
    timeframe,
    evidence: {
      highs: highs.length,
      lows: lows.length,
      height_ranges: height / range,
      flatness_ranges: flatness,
      volume_ratio: volumeRatio,
    },
    from_time_id: first.time_id,
    to_time_id: last.time_id,
  };
};
