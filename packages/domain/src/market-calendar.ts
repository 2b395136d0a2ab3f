import { DateTime } from 'luxon';
import { z } from 'zod';
import {
  fromTimeId,
  inNewYork,
  newYorkTime,
  toTimeId,
  type Instant,
  type TimeId,
  type TradeDate,
} from './time.ts';

/**
 * A trading day as Alpaca's calendar gives it: opening and closing bell in New York's clock time.
 */
export const calendarDay = z.object({
  date: z.iso.date(),
  open: z.string().regex(/^\d\d:\d\d$/),
  close: z.string().regex(/^\d\d:\d\d$/),
});
export type CalendarDay = z.infer<typeof calendarDay>;

export const sessions = ['pre_market', 'regular', 'after_hours', 'closed'] as const;
export type Session = (typeof sessions)[number];

/**
 * The bells of one trading day as instants and epoch minutes. Extended hours are 04:00 to 20:00 New
 * York (17:00 after an early close).
 */
export interface TradingHours {
  trade_date: TradeDate;
  pre_market_open_at: Instant;
  open_at: Instant;
  close_at: Instant;
  after_hours_close_at: Instant;
  open_time_id: TimeId;
  close_time_id: TimeId;
  is_half_day: boolean;
}

export const tradingHours = (day: CalendarDay): TradingHours => {
  const openAt = newYorkTime(day.date, day.open);
  const closeAt = newYorkTime(day.date, day.close);
  const isHalfDay = day.close < '16:00';
  return {
    trade_date: day.date,
    pre_market_open_at: newYorkTime(day.date, DAY_BEGINS),
    open_at: openAt,
    close_at: closeAt,
    after_hours_close_at: newYorkTime(day.date, isHalfDay ? '17:00' : '20:00'),
    open_time_id: toTimeId(openAt),
    close_time_id: toTimeId(closeAt),
    is_half_day: isHalfDay,
  };
};

/**
 * The session of an instant on a trading day; half-open: the opening minute is regular, the closing
 * minute after hours.
 */
export const sessionAt = (hours: TradingHours, at: Instant): Session => {
  const moment = Date.parse(at);
  if (
    moment < Date.parse(hours.pre_market_open_at) ||
    moment >= Date.parse(hours.after_hours_close_at)
  )
    return 'closed';
  if (moment < Date.parse(hours.open_at)) return 'pre_market';
  return moment < Date.parse(hours.close_at) ? 'regular' : 'after_hours';
};

/** The instant `minutes` before the closing bell, so that half days shift with their close. */
export const beforeClose = (hours: TradingHours, minutes: number): Instant =>
  fromTimeId(hours.close_time_id - minutes);

/** The hour at which a trading day begins, for the exchange's extended hours and for the desk. */
const DAY_BEGINS = '04:00';

/** The date whose sessions an instant belongs to: before 04:00 it is still the day before's. */
export const sessionDate = (at: Instant): TradeDate => {
  const { date, clock } = inNewYork(at);
  if (clock >= DAY_BEGINS) return date;
  return DateTime.fromISO(date, { zone: 'utc' }).minus({ days: 1 }).toISODate()!;
};

// Days on which the New York Stock Exchange closed for no rule: attacks, funerals, storms (NYSE,
// "Special closings").
const SPECIAL_CLOSURES = new Set([
  '2001-09-11',
  '2001-09-12',
  '2001-09-13',
  '2001-09-14',
  '2004-06-11',
  '2007-01-02',
  '2012-10-29',
  '2012-10-30',
  '2018-12-05',
  '2025-01-09',
]);
// Early closes and late openings for no rule (NYSE, "Special closings"); openings that waited for a
// minute of silence are left out.
const EARLY_CLOSES = new Set(['2003-12-26']);
const LATE_OPENINGS = new Map([['2002-09-11', '12:00']]);

const nthWeekday = (year: number, month: number, weekday: number, nth: number): string => {
  const first = DateTime.utc(year, month, 1) as DateTime<true>;
  return first.plus({ days: ((weekday - first.weekday + 7) % 7) + (nth - 1) * 7 }).toISODate();
};
const lastMonday = (year: number, month: number): string => {
  const last = DateTime.utc(year, month, 1).endOf('month') as DateTime<true>;
  return last.minus({ days: last.weekday - 1 }).toISODate();
};

/** Gregorian Easter Sunday (Meeus, Jones and Butcher). */
const easter = (year: number): DateTime<true> => {
  const a = year % 19,
    b = Math.floor(year / 100),
    c = year % 100;
  const d = Math.floor(b / 4),
    e = b % 4,
    f = Math.floor((b + 8) / 25),
    g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30,
    i = Math.floor(c / 4),
    k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7,
    m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31),
    day = ((h + l - 7 * m + 114) % 31) + 1;
  return DateTime.utc(year, month, day) as DateTime<true>;
};

/**
 * A holiday on a Sunday is kept on Monday, on a Saturday on Friday; NYSE rule 7.2 keeps no New
 * Year's Day on a Friday that ends a year.
 */
const observed = (year: number, month: number, day: number): string | null => {
  const date = DateTime.utc(year, month, day);
  if (date.weekday === 7) return date.plus({ days: 1 }).toISODate();
  if (date.weekday === 6) return month === 1 ? null : date.minus({ days: 1 }).toISODate();
  return date.toISODate();
};

interface RulesOfYear {
  holidays: ReadonlySet<string>;
  day_after_thanksgiving: string | null;
}
const years = new Map<number, RulesOfYear>();
const rulesOf = (year: number): RulesOfYear => {
  const known = years.get(year);
  if (known) return known;
  const thanksgiving = nthWeekday(year, 11, 4, 4);
  const dates = [
    observed(year, 1, 1),
    nthWeekday(year, 1, 1, 3),
    nthWeekday(year, 2, 1, 3),
    easter(year).minus({ days: 2 }).toISODate(),
    lastMonday(year, 5),
    year >= 2022 ? observed(year, 6, 19) : null,
    observed(year, 7, 4),
    nthWeekday(year, 9, 1, 1),
    thanksgiving,
    observed(year, 12, 25),
  ];
  const rules = {
    holidays: new Set(dates.filter((date) => date !== null)),
    day_after_thanksgiving: DateTime.fromISO(thanksgiving, { zone: 'utc' })
      .plus({ days: 1 })
      .toISODate(),
  };
  years.set(year, rules);
  return rules;
};

const isEarlyClose = ({ year, month, day, weekday }: DateTime, date: TradeDate): boolean => {
  if (month === 12 && day === 24) return true;
  if (EARLY_CLOSES.has(date)) return true;
  // until 2012 a Fourth of July on a Thursday was followed by the short day, since then it follows one
  if (month === 7 && day === 3) return weekday <= 4 && !(weekday === 3 && year < 2013);
  if (month === 7 && day === 5 && weekday === 5 && year < 2013) return true;
  return date === rulesOf(year).day_after_thanksgiving;
};

/**
 * The exchange's day by rule, or null when it is closed: NYSE holidays, early closes at 13:00 and
 * the special closures known when this was written. The broker's calendar is the truth; this one is
 * for generated days and as last resort offline. Valid from 2001.
 */
export const nyseCalendarDay = (date: TradeDate): CalendarDay | null => {
  const day = DateTime.fromISO(date, { zone: 'utc' });
  if (!day.isValid) throw new RangeError(`expected a date such as 2026-03-10, was ${date}`);
  if (day.weekday > 5 || SPECIAL_CLOSURES.has(date) || rulesOf(day.year).holidays.has(date))
    return null;
  const open = LATE_OPENINGS.get(date) ?? '09:30';
  return { date, open, close: isEarlyClose(day, date) ? '13:00' : '16:00' };
};

/** Every trading day from `from` to `to`, both included, oldest first. */
export const nyseCalendar = (from: TradeDate, to: TradeDate): CalendarDay[] => {
  const days: CalendarDay[] = [];
  for (
    let day = DateTime.fromISO(from, { zone: 'utc' });
    day.isValid && day.toISODate() <= to;
    day = day.plus({ days: 1 }) as DateTime<true>
  ) {
    const trading = nyseCalendarDay(day.toISODate());
    if (trading) days.push(trading);
  }
  return days;
};
