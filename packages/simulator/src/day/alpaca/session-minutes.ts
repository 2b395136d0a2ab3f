import { newYorkTime, type CalendarDay } from '@catalyst/domain';

const MINUTE_MS = 60_000;
const MINUTES_PER_DAY = 1_440;

/**
 * A session's date and a minute since midnight in New York; null where an instant is in no
 * session's day or not on a whole minute.
 */
export type MinuteOf = (instant: string) => { date: string; minute: number } | null;

/** Clocks change on Sundays, so within a session's day minutes since midnight are clock time. */
export const createMinuteOf = (calendar: readonly CalendarDay[]): MinuteOf => {
  const midnights = calendar.map(({ date }) => ({
    date,
    at: Date.parse(newYorkTime(date, '00:00')),
  }));
  let last = midnights[0];
  return (instant) => {
    const at = Date.parse(instant);
    const isIn = (day: { at: number } | undefined): boolean =>
      day !== undefined && at >= day.at && at < day.at + MINUTES_PER_DAY * MINUTE_MS;
    if (!isIn(last)) last = midnights.find(isIn);
    const minute = last === undefined ? Number.NaN : (at - last.at) / MINUTE_MS;
    return last === undefined || !Number.isInteger(minute) ? null : { date: last.date, minute };
  };
};
