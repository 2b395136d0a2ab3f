import { meanTrueRange, TIMEFRAME_MINUTES } from '@catalyst/domain';
import type { Bar, Timeframe } from '@catalyst/domain';
import { detectAscendingTriangle } from './ascending-triangle.ts';
import { detectBullFlag } from './bull-flag.ts';
import { detectDailyBreakout } from './daily-breakout.ts';
import { detectGapAndHold } from './gap-and-hold.ts';
import { detectOpeningRangeBreakout } from './opening-range-breakout.ts';
import type { Pattern } from './pattern.ts';

export interface DetectionInput {
  /** Today's one-minute bars, pre-market included. */
  minute_bars: readonly Bar[];
  five_minute_bars: readonly Bar[];
  fifteen_minute_bars: readonly Bar[];
  /** Adjusted for splits to today. */
  daily_bars: readonly Bar[];
  session: { open_time_id: number; close_time_id: number };
  as_of_time_id: number;
}

/** 09:30 as minutes since New York's midnight, which every session shares. */
const OPEN_MINUTE = 570;
/** An intraday stop is planned from at least this share of the daily average range. */
const LEAST_INTRADAY_RANGE = 0.1;
/** From midnight to the regular close. */
const CLOSE_MINUTE = 960;

const oldestFirst = (bars: readonly Bar[]): Bar[] =>
  bars.toSorted((left, right) => left.time_id - right.time_id);

/** Bars that have ended: an intraday bar at its start + timeframe. */
const finished = (
  bars: readonly Bar[],
  timeframe: Exclude<Timeframe, '1day'>,
  asOf: number,
): Bar[] => oldestFirst(bars.filter((bar) => bar.time_id + TIMEFRAME_MINUTES[timeframe] <= asOf));

/**
 * Daily bars of earlier trading days; today's is never one, whether stamped with midnight or with
 * the open.
 */
const finishedDays = (bars: readonly Bar[], openTimeId: number, asOf: number): Bar[] =>
  oldestFirst(
    bars.filter(
      (bar) => bar.time_id < openTimeId - OPEN_MINUTE && bar.time_id + CLOSE_MINUTE <= asOf,
    ),
  );

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/**
 * Every recognized set-up as of a minute, the surest first (then reward to risk, then name and
 * timeframe). Reads nothing that has not ended.
 */
export const detectPatterns = (input: DetectionInput): Pattern[] => {
  const { session, as_of_time_id } = input;
  const daily = finishedDays(input.daily_bars, session.open_time_id, as_of_time_id);
  const midnight = session.open_time_id - OPEN_MINUTE;
  const minutes = finished(input.minute_bars, '1min', as_of_time_id).filter(
    (bar) => bar.time_id >= midnight,
  );
  const regular = (bars: readonly Bar[]): Bar[] =>
    bars.filter(
      (bar) => bar.time_id >= session.open_time_id && bar.time_id < session.close_time_id,
    );
  const fives = regular(finished(input.five_minute_bars, '5min', as_of_time_id));
  const fifteens = regular(finished(input.fifteen_minute_bars, '15min', as_of_time_id));
  const dailyRange = meanTrueRange(daily);
  const leastRange = LEAST_INTRADAY_RANGE * (dailyRange ?? 0);
  const found = [
    detectBullFlag(daily, '1day'),
    detectDailyBreakout(daily),
    detectAscendingTriangle(daily, '1day'),
    detectGapAndHold({ minutes, daily, open_time_id: session.open_time_id, as_of_time_id }),
    dailyRange === null
      ? null
      : detectOpeningRangeBreakout({
          minutes: regular(minutes),
          open_time_id: session.open_time_id,
          as_of_time_id,
          daily_range: dailyRange,
          previous_close: daily.at(-1)!.close,
        }),
    detectBullFlag(regular(minutes), '1min', leastRange),
    detectBullFlag(fives, '5min', leastRange),
    detectBullFlag(fifteens, '15min', leastRange),
    detectAscendingTriangle(fives, '5min', leastRange),
  ].filter((pattern) => pattern !== null);
  return found.sort(
    (left, right) =>
      right.confidence - left.confidence ||
      right.reward_to_risk - left.reward_to_risk ||
      compare(left.pattern, right.pattern) ||
      compare(left.timeframe, right.timeframe),
  );
};
