import { NEW_YORK, nyseCalendar, type CalendarDay } from '@catalyst/domain';
import { Router } from 'express';
import { DateTime } from 'luxon';
import { MINUTE_MS, sessionHours } from '../market/trading-time.ts';
import type { Simulation } from '../simulation.ts';
import { readText } from './query.ts';

/** An instant with New York's offset, as the clock prints it. */
const newYorkStamp = (milliseconds: number): string => DateTime.fromMillis(milliseconds, { zone: NEW_YORK }).toISO({ suppressMilliseconds: true })!;

const DAY_MS = 86_400_000;
const dateAfter = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The day's calendar, continued by the exchange's rules up to `to`. */
const continuedCalendar = ({ market }: Simulation, to: string): CalendarDay[] => {
  const { calendar } = market.day;
  return [...calendar, ...nyseCalendar(dateAfter(calendar.at(-1)!.date, 1), to)];
};

/** Longer than any closure of the exchange, so that there is a next bell. */
const NEXT_BELL_DAYS = 14;

const bellsFrom = (simulation: Simulation): { open: number; close: number }[] => {
  const { day } = simulation.market;
  return continuedCalendar(simulation, dateAfter(day.calendar.at(-1)!.date, NEXT_BELL_DAYS))
    .filter(({ date }) => date >= day.trade_date)
    .map(sessionHours)
    .map((hours) => ({ open: hours.midnight_ms + hours.open_minute * MINUTE_MS, close: hours.midnight_ms + hours.close_minute * MINUTE_MS }));
};

/** To the end of the year after, as far as anyone plans. */
const calendarView = (simulation: Simulation) => {
  const year = Number(simulation.market.day.trade_date.slice(0, 4));
  const calendar = continuedCalendar(simulation, `${year + 1}-12-31`);
  return calendar.map((day, index) => ({
    date: day.date,
    open: day.open,
    close: day.close,
    session_open: '0400',
    session_close: day.close < '16:00' ? '1700' : '2000',
    settlement_date: calendar[index + 1]?.date ?? day.date,
  }));
};

/** The clock and the calendar of Alpaca's trading API. */
export const createCalendarRoutes = (simulation: Simulation): Router => {
  const routes = Router();
  const bells = bellsFrom(simulation);
  // Two years of holidays take longer to work out than the simulator takes to start.
  let days: ReturnType<typeof calendarView> | null = null;

  routes.get('/v2/clock', (_request, response) => {
    const now = simulation.now();
    const last = bells.at(-1)!;
    response.json({
      timestamp: newYorkStamp(now),
      is_open: bells.some(({ open, close }) => open <= now && now < close),
      next_open: newYorkStamp((bells.find(({ open }) => open > now) ?? last).open),
      next_close: newYorkStamp((bells.find(({ close }) => close > now) ?? last).close),
    });
  });
  routes.get('/v2/calendar', (request, response) => {
    const start = readText(request.query, 'start')?.slice(0, 10) ?? '';
    const end = readText(request.query, 'end')?.slice(0, 10) ?? '9999';
    days ??= calendarView(simulation);
    response.json(days.filter(({ date }) => date >= start && date <= end));
  });
  return routes;
};
