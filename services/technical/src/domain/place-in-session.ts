import type { Bar, DailyBar, TradingHours } from '@catalyst/domain';
import { toTimeId } from '@catalyst/domain';

export interface SessionBar extends DailyBar {
  /** Minutes since New York's midnight at which the bar starts. */
  minute: number;
}

/**
 * Gives each bar the session that it belongs to, extended hours included; a bar between two
 * sessions is left out. Both lists oldest first. One pass over both, since asking the time zone for
 * each of a hundred thousand bars costs seconds.
 */
export const placeInSessions = (
  bars: readonly Bar[],
  sessions: readonly TradingHours[],
): SessionBar[] => {
  const placed: SessionBar[] = [];
  let next = 0;
  for (const { trade_date, pre_market_open_at, after_hours_close_at, open_time_id } of sessions) {
    const [first, end] = [toTimeId(pre_market_open_at), toTimeId(after_hours_close_at)];
    // clocks change on Sundays, when there is no session: the open is always 09:30, 570 minutes
    // after midnight
    const midnight = open_time_id - 570;
    while (next < bars.length && bars[next]!.time_id < first) next += 1;
    for (; next < bars.length && bars[next]!.time_id < end; next += 1)
      placed.push({ ...bars[next]!, trade_date, minute: bars[next]!.time_id - midnight });
  }
  return placed;
};
