import { meanTrueRange, type Bar } from '@catalyst/domain';
import { grade, weighConfidence, type Pattern } from './pattern.ts';
import { planTrade } from './trade-levels.ts';
import { highest, lowest } from './bar-extremes.ts';

const MIN_BARS = 5;
/** Minutes after the open in which a gap is still today's story. */
export const GAP_VALID_MINUTES = 90;

export interface GapInput {
  /** Today's one-minute bars that have ended, pre-market included, oldest first. */
  minutes: readonly Bar[];
  /** Daily bars up to yesterday, adjusted for splits to today. */
  daily: readonly Bar[];
  open_time_id: number;
  as_of_time_id: number;
}

/**
 * Gap and hold: today trades at least 0.75 of a daily average range above yesterday's close and
 * keeps most of it. The level is the pre-market's high (or so far today's, before the open); the
 * structure that must hold is half of the gap.
 */
export const detectGapAndHold = ({
  minutes,
  daily,
  open_time_id,
  as_of_time_id,
}: GapInput): Pattern | null => {
  const yesterday = daily.at(-1);
  const range = meanTrueRange(daily);
  const seen = minutes.filter((bar) => bar.time_id + 1 <= as_of_time_id);
  const last = seen.at(-1);
  if (yesterday === undefined || last === undefined || range === null || seen.length < MIN_BARS)
    return null;
  if (as_of_time_id > open_time_id + GAP_VALID_MINUTES) return null;
  const premarket = seen.filter((bar) => bar.time_id < open_time_id);
  const reference = premarket.length >= MIN_BARS ? premarket : seen;
  const level = highest(reference);
  const gap = last.close - yesterday.close;
  const gapRanges = gap / range;
  const held = gap / (level - yesterday.close);
  if (gapRanges < 0.75 || held < 0.6 || last.close > level + 0.5 * range) return null;
  // The low after the gap has shown itself: the last half of what has traded.
  const settledLow = lowest(seen.slice(Math.floor(seen.length / 2)));
  const lowHeld = (settledLow - yesterday.close) / (level - yesterday.close);
  const minuteRange = meanTrueRange(seen, 30) ?? range / 20;
  const levels = planTrade({
    level,
    structure_stop: Math.max(settledLow, yesterday.close + gap / 2),
    average_range: Math.max(5 * minuteRange, range / 4),
    measured_target: level + gap,
  });
  if (levels === null) return null;
  return {
    ...levels,
    ...weighConfidence({
      gap: { weight: 0.3, value: grade(gapRanges, 0.25, 1.25) },
      held: { weight: 0.25, value: grade(held, 0.55, 0.85) },
      low_held: { weight: 0.2, value: grade(lowHeld, 0.25, 0.65) },
      above_yesterday: {
        weight: 0.15,
        value: grade((last.close - yesterday.high) / range, -0.25, 0.25),
      },
      activity: { weight: 0.1, value: grade(seen.length, MIN_BARS, 40) },
    }),
    pattern: 'gap_and_hold',
    timeframe: '1min',
    evidence: {
      previous_close: yesterday.close,
      gap_percent: (gap / yesterday.close) * 100,
      gap_ranges: gapRanges,
      held_share: held,
      low_held_share: lowHeld,
      minutes_traded: seen.length,
    },
    from_time_id: seen[0]!.time_id,
    to_time_id: last.time_id,
  };
};
