import { meanTrueRange, type Bar } from '@catalyst/domain';
import { grade, weighConfidence, type Pattern } from './pattern.ts';
import { planTrade } from './trade-levels.ts';
import { highest, lowest, meanVolume } from './bar-extremes.ts';

export const OPENING_RANGE_MINUTES = 15;
/** Fewer minutes with trades than this are no range. */
const MIN_RANGE_BARS = 10;

export interface OpeningRangeInput {
  /** One-minute bars of the session that have ended, oldest first. */
  minutes: readonly Bar[];
  open_time_id: number;
  as_of_time_id: number;
  /** Mean true range of the daily bars up to yesterday, dollars. */
  daily_range: number;
  previous_close: number;
}

/**
 * Opening range breakout: the high of the first 15 minutes as the level. It is a set-up while the
 * price holds in the upper part of the range or has broken out by less than half of it; a range
 * below its middle, or a move that has run away, is none.
 */
export const detectOpeningRangeBreakout = (input: OpeningRangeInput): Pattern | null => {
  const { minutes, open_time_id, as_of_time_id, daily_range, previous_close } = input;
  const rangeEnd = open_time_id + OPENING_RANGE_MINUTES;
  if (as_of_time_id < rangeEnd) return null;
  const seen = minutes.filter(
    (bar) => bar.time_id >= open_time_id && bar.time_id + 1 <= as_of_time_id,
  );
  const opening = seen.filter((bar) => bar.time_id < rangeEnd);
  const last = seen.at(-1);
  if (opening.length < MIN_RANGE_BARS || last === undefined || !(daily_range > 0)) return null;
  const high = highest(opening);
  const low = lowest(opening);
  const height = high - low;
  const position = (last.close - low) / height;
  if (!(height > 0) || position < 0.5 || position > 1.5) return null;
  const after = seen.filter((bar) => bar.time_id >= rangeEnd);
  // Once the low of the range has been lost, its high is not a continuation level any more.
  if (after.length > 0 && lowest(after) < low) return null;
  const minuteRange = meanTrueRange(seen, 30) ?? height / OPENING_RANGE_MINUTES;
  const levels = planTrade({
    level: high,
    structure_stop: (high + low) / 2,
    average_range: Math.max(minuteRange, height / 4),
    measured_target: high + height,
  });
  if (levels === null) return null;
  const openingVolume = meanVolume(opening);
  const recentVolume = openingVolume > 0 ? meanVolume(seen.slice(-5)) / openingVolume : 0;
  const gap = (opening[0]!.open / previous_close - 1) * 100;
  const minutesSince = as_of_time_id - rangeEnd;
  return {
    ...levels,
    ...weighConfidence({
      position: { weight: 0.3, value: grade(position, 0.55, 1) },
      direction: { weight: 0.2, value: grade((last.close - opening[0]!.open) / height, 0, 0.7) },
      range: {
        weight: 0.2,
        value:
          height < 0.1 * daily_range
            ? grade(height / daily_range, 0, 0.1)
            : grade(height / daily_range, 1.2, 0.6),
      },
      volume: { weight: 0.15, value: grade(recentVolume, 0.3, 1.2) },
      freshness: { weight: 0.15, value: grade(minutesSince, 180, 45) },
    }),
    pattern: 'opening_range_breakout',
    timeframe: '15min',
    evidence: {
      range_high: high,
      range_low: low,
      range_of_daily_range: height / daily_range,
      position_in_range: position,
      recent_volume_ratio: recentVolume,
      gap_percent: Number.isFinite(gap) ? gap : 0,
      minutes_since_range: minutesSince,
    },
    from_time_id: open_time_id,
    to_time_id: last.time_id,
  };
};
