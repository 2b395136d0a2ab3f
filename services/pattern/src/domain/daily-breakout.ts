import { meanTrueRange, type Bar } from '@catalyst/domain';
import { grade, weighConfidence, type Pattern } from './pattern.ts';
import { findLevels } from './support-resistance.ts';
import { planTrade } from './trade-levels.ts';
import { highest, lowest, meanVolume } from './bar-extremes.ts';

const LOOK_BACK = 60;
const MIN_BARS = 30;
/**
 * Days before yesterday in which the level has to have held on a closing basis; a level crossed
 * daily resists nothing.
 */
const HELD_DAYS = 15;

const meanClose = (bars: readonly Bar[]): number =>
  bars.reduce((sum, bar) => sum + bar.close, 0) / bars.length;

/**
 * Daily breakout: yesterday closed at most one average range below, or one and a half above, a
 * level that had turned rallies at least twice and held for three weeks, in a rising trend. Not yet
 * broken, the level is the trigger; broken, yesterday's high is.
 */
export const detectDailyBreakout = (daily: readonly Bar[]): Pattern | null => {
  const bars = daily.slice(-LOOK_BACK);
  const last = bars.at(-1);
  const range = meanTrueRange(bars);
  if (bars.length < MIN_BARS || last === undefined || range === null) return null;
  // The level has to be older than the day that tests it.
  const highestClose = bars
    .slice(-HELD_DAYS - 1, -1)
    .reduce((high, bar) => Math.max(high, bar.close), 0);
  const near = findLevels(bars.slice(0, -1), { turning_points: 'high' })
    .filter(
      (level) =>
        level.touches >= 2 &&
        last.close >= level.price - range &&
        last.close <= level.price + 1.5 * range,
    )
    .filter((level) => highestClose <= level.price + 0.5 * range)
    .sort((left, right) => right.touches - left.touches || right.price - left.price)[0];
  if (near === undefined) return null;
  const broken = last.close > near.price;
  const level = broken ? Math.max(last.high, near.price) : near.price;
  const base = bars.slice(-11, -1);
  const baseHeight = highest(base) - lowest(base);
  const levels = planTrade({
    level,
    structure_stop: Math.max(near.price - 0.5 * range, last.low - 0.1 * range),
    average_range: range,
    measured_target: level + baseHeight,
  });
  if (levels === null) return null;
  const average20 = meanClose(bars.slice(-20));
  const averageBefore = meanClose(bars.slice(-25, -5));
  const usualVolume = meanVolume(bars.slice(-21, -1));
  const volumeRatio = usualVolume > 0 ? last.volume / usualVolume : 0;
  const distance = (last.close - near.price) / range;
  const closePosition =
    last.high > last.low ? (last.close - last.low) / (last.high - last.low) : 0.5;
  return {
    ...levels,
    ...weighConfidence({
      touches: { weight: 0.25, value: grade(near.touches, 1, 3.5) },
      proximity: {
        weight: 0.2,
        value: distance >= 0 ? grade(distance, 1.5, 0.5) : grade(distance, -1, -0.25),
      },
      trend: {
        weight: 0.25,
        value:
          grade((last.close - average20) / range, -0.5, 1) * 0.6 +
          grade((average20 - averageBefore) / range, -0.25, 0.5) * 0.4,
      },
      base: { weight: 0.1, value: grade(baseHeight / range, 7, 3.5) },
      volume: { weight: 0.1, value: grade(volumeRatio, 0.6, 1.3) },
      close: { weight: 0.1, value: grade(closePosition, 0.2, 0.8) },
    }),
    pattern: 'daily_breakout',
    timeframe: '1day',
    evidence: {
      resistance: near.price,
      touches: near.touches,
      distance_ranges: distance,
      base_height_ranges: baseHeight / range,
      volume_ratio: volumeRatio,
      above_sma_20_ranges: (last.close - average20) / range,
    },
    from_time_id: near.first_time_id,
    to_time_id: last.time_id,
  };
};
