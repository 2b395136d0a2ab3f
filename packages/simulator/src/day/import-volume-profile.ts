import type { DailyBar } from './day.ts';
import { volumeCurve } from './volume-curve.ts';

/** Sessions before the trade date over which a minute's usual volume is the mean. */
export const PROFILE_SESSIONS = 20;

const CURVE = volumeCurve({ pre_market: 0.01, after_hours: 0.01 });
const CURVE_REGULAR = 0.98;

const hundredths = (value: number): number => Math.round(value * 100) / 100;

/** Mean volume by minute of `sessions` sessions whose volumes were summed. */
export const meanProfile = (totals: readonly number[], sessions: number): number[] =>
  totals.map((total) => hundredths(total / sessions));

/**
 * The usual shape of a session scaled to the mean volume of the last daily bars, which are regular
 * hours only.
 */
export const scaledProfile = (
  daily: readonly DailyBar[],
): { profile: number[]; sessions: number } => {
  const recent = daily.slice(-PROFILE_SESSIONS);
  const mean = recent.reduce((sum, bar) => sum + bar.volume, 0) / Math.max(1, recent.length);
  return {
    profile: CURVE.map((share) => Math.round((share / CURVE_REGULAR) * mean)),
    sessions: recent.length,
  };
};
