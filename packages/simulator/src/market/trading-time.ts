import { newYorkTime, type CalendarDay } from '@catalyst/domain';

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
export const MINUTES_PER_DAY = 1_440;

/** The calendar date `days` after `date` (before it, where negative), whatever the clocks do. */
export const dateAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** An instant as Alpaca's market data prints it: seconds only unless there is a fraction. */
export const stamp = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace('.000Z', 'Z');

export const minuteOf = (clock: string): number =>
  Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/**
 * One session of the calendar; minutes count from midnight in New York and are half-open: the
 * closing minute is outside.
 */
export interface SessionHours {
  date: string;
  midnight_ms: number;
  open_minute: number;
  close_minute: number;
  extended_open_minute: number;
  extended_close_minute: number;
}

const EXTENDED_OPEN = minuteOf('04:00');
const EXTENDED_CLOSE = minuteOf('20:00');
const EXTENDED_CLOSE_OF_HALF_DAY = minuteOf('17:00');

/**
 * The hours of a session. Clocks change on Sundays, so within a session minutes since midnight are
 * clock time.
 */
export const sessionHours = (day: CalendarDay): SessionHours => ({
  date: day.date,
  midnight_ms: Date.parse(newYorkTime(day.date, '00:00')),
  open_minute: minuteOf(day.open),
  close_minute: minuteOf(day.close),
  extended_open_minute: EXTENDED_OPEN,
  extended_close_minute: day.close < '16:00' ? EXTENDED_CLOSE_OF_HALF_DAY : EXTENDED_CLOSE,
});

/**
 * The trade date's clock: instants to minutes and back, with every finished minute counted once.
 */
export interface TradingTime extends SessionHours {
  /**
   * Minutes of the trade date that are over at `now`: 0 at midnight and before, 1,440 from the next
   * midnight on.
   */
  finishedMinutes(now: number): number;
  /** Milliseconds at which `minute` starts. */
  startOf(minute: number): number;
  /** The stamp of the bar that starts at `minute`. */
  stampOf(minute: number): string;
  /** The instant of `hh:mm` New York time on the trade date. */
  at(clock: string): number;
  inRegularSession(minute: number): boolean;
  inExtendedHours(minute: number): boolean;
}

export const createTradingTime = (
  tradeDate: string,
  calendar: readonly CalendarDay[],
): TradingTime => {
  const day = calendar.find(({ date }) => date === tradeDate);
  if (!day) throw new Error(`the calendar of the day must contain its trade date ${tradeDate}`);
  const hours = sessionHours(day);
  const startOf = (minute: number): number => hours.midnight_ms + minute * MINUTE_MS;
  const stamps = Array.from({ length: MINUTES_PER_DAY }, (_, minute) => stamp(startOf(minute)));
  return {
    ...hours,
    finishedMinutes: (now) =>
      Math.min(MINUTES_PER_DAY, Math.max(0, Math.floor((now - hours.midnight_ms) / MINUTE_MS))),
    startOf,
    stampOf: (minute) => stamps[minute] ?? stamp(startOf(minute)),
    at: (clock) => startOf(minuteOf(clock)),
    inRegularSession: (minute) => minute >= hours.open_minute && minute < hours.close_minute,
    inExtendedHours: (minute) =>
      minute >= hours.extended_open_minute && minute < hours.extended_close_minute,
  };
};
