import { NEW_YORK, nyseCalendar, type CalendarDay } from '@catalyst/domain';
import type { Router } from 'express';
import { DateTime } from 'luxon';
import { dateAfter, MINUTE_MS, sessionHours, type SessionHours } from '../market/trading-time.ts';
import { clockNanoseconds, textAfter } from '../nanoseconds.ts';
import type { Simulation } from '../simulation.ts';
import { createRoutes } from './create-routes.ts';
import { InvalidParameter, readChoice, readDate, readText, readTime, type Query } from './query.ts';

const newYorkDate = (at: number): string =>
  DateTime.fromMillis(at, { zone: NEW_YORK }).toISODate()!;

/** An instant with New York's offset, as the clock prints it, or in UTC. */
const zonedStamp = (milliseconds: number, zone: string): string =>
  DateTime.fromMillis(milliseconds, { zone }).toISO({ suppressMilliseconds: true })!;

/** The clock's own time, to the nanosecond. */
const clockStamp = (milliseconds: number): string => {
  const [, fraction = ''] =
    /(\.\d+)Z$/.exec(textAfter(milliseconds, clockNanoseconds(milliseconds))) ?? [];
  const second = milliseconds - (milliseconds % 1_000);
  return zonedStamp(second, NEW_YORK).replace(/(?=[+-]\d\d:\d\d$)/, fraction);
};

/** The exchange's rules are known from here on. */
const FIRST_DATE = '2001-01-01';
/** Longer than any closure of the exchange, so that there is a next bell. */
const NEXT_BELL_DAYS = 14;

/**
 * The day's own calendar, continued on both sides by the exchange's rules to the end of the year
 * after the trade date.
 */
const createCalendar = ({ market }: Simulation) => {
  const { calendar, trade_date } = market.day;
  const first = calendar[0]!.date;
  const last = `${Number(trade_date.slice(0, 4)) + 1}-12-31`;
  let later: CalendarDay[] | null = null;
  return {
    first,
    last,
    /**
     * Trading days from `from` to `to`, both included. Two years of holidays take longer to work
     * out than the simulator takes to start, so they wait until asked for.
     */
    between: (from: string, to: string): CalendarDay[] => {
      later ??= nyseCalendar(dateAfter(calendar.at(-1)!.date, 1), dateAfter(last, NEXT_BELL_DAYS));
      const start = from < FIRST_DATE ? FIRST_DATE : from;
      const earlier = start < first ? nyseCalendar(start, dateAfter(first, -1)) : [];
      return [...earlier, ...calendar, ...later].filter(({ date }) => date >= start && date <= to);
    },
  };
};
type Calendar = ReturnType<typeof createCalendar>;

/** A trade is settled on the next trading day (T+1, since May 2024). */
const legacyDays = (calendar: Calendar, from: string, to: string) => {
  const days = calendar.between(from, dateAfter(to, NEXT_BELL_DAYS));
  return days.slice(0, -1).map((day, index) => ({
    date: day.date,
    open: day.open,
    close: day.close,
    session_open: '0400',
    session_close: day.close < '16:00' ? '1700' : '2000',
    settlement_date: days[index + 1]!.date,
  }));
};

interface Market {
  mic: string;
  acronym: string;
  name: string;
}

/** Markets that keep the hours of the day's calendar, under each of their names. */
const NYSE: Market = { mic: 'XNYS', acronym: 'NYSE', name: 'New York Stock Exchange' };
const NASDAQ: Market = { mic: 'XNAS', acronym: 'NASDAQ', name: 'NASDAQ' };
const IEX: Market = { mic: 'IEXG', acronym: 'IEX', name: 'Investors Exchange' };
const MARKETS: Readonly<Record<string, Market>> = {
  NYSE,
  XNYS: NYSE,
  NASDAQ,
  XNAS: NASDAQ,
  IEX,
  IEXG: IEX,
};
const marketOf = (name: string): Market => {
  const market = Object.hasOwn(MARKETS, name) ? MARKETS[name] : undefined;
  if (!market)
    throw new InvalidParameter(
      `invalid market: ${name.slice(0, 100)}; this calendar is of NYSE, NASDAQ and IEX`,
    );
  return market;
};
const marketView = (market: Market) => ({ ...market, timezone: NEW_YORK });

/** Where `now` lies in a market day, and until when. */
const phaseAt = (
  hours: SessionHours | undefined,
  next: SessionHours | undefined,
  now: number,
): { phase: string; until: number } => {
  const at = (session: SessionHours, minute: number): number =>
    session.midnight_ms + minute * MINUTE_MS;
  if (hours) {
    if (now < at(hours, hours.extended_open_minute))
      return { phase: 'closed', until: at(hours, hours.extended_open_minute) };
    if (now < at(hours, hours.open_minute))
      return { phase: 'pre', until: at(hours, hours.open_minute) };
    if (now < at(hours, hours.close_minute))
      return { phase: 'core', until: at(hours, hours.close_minute) };
    if (now < at(hours, hours.extended_close_minute))
      return { phase: 'post', until: at(hours, hours.extended_close_minute) };
  }
  return { phase: 'closed', until: next ? at(next, next.extended_open_minute) : now };
};

/** The clocks and the calendars of Alpaca's trading API, versions 2 and 3. */
export const createCalendarRoutes = (simulation: Simulation): Router => {
  const routes = createRoutes();
  const calendar = createCalendar(simulation);

  const bellsAt = (now: number) => {
    const today = newYorkDate(now);
    const sessions = calendar.between(today, dateAfter(today, NEXT_BELL_DAYS)).map(sessionHours);
    const opens = sessions.map((hours) => hours.midnight_ms + hours.open_minute * MINUTE_MS);
    const closes = sessions.map((hours) => hours.midnight_ms + hours.close_minute * MINUTE_MS);
    const hours = sessions[0]?.date === today ? sessions[0] : undefined;
    const nextOpen = opens.find((open) => open > now);
    const nextClose = closes.find((close) => close > now);
    if (nextOpen === undefined || nextClose === undefined)
      throw new InvalidParameter(`the calendar ends on ${calendar.last}`);
    return {
      is_open: opens.some((open, index) => open <= now && now < closes[index]!),
      next_open: nextOpen,
      next_close: nextClose,
      hours,
      next: sessions.find(({ date }) => date > today),
    };
  };

  routes.get('/v2/clock', (_request, response) => {
    const now = simulation.now();
    const bells = bellsAt(now);
    response.json({
      timestamp: clockStamp(now),
      is_open: bells.is_open,
      next_open: zonedStamp(bells.next_open, NEW_YORK),
      next_close: zonedStamp(bells.next_close, NEW_YORK),
    });
  });

  const readRange = (
    query: Query,
    from: string,
    to: (from: string) => string,
  ): [string, string] => {
    const start = readDate(query, 'start') ?? from;
    const end = readDate(query, 'end') ?? to(start);
    if (end < start) throw new InvalidParameter('end should not be before start');
    return [start, end > calendar.last ? calendar.last : end];
  };

  routes.get('/v2/calendar', ({ query }, response) => {
    const [start, end] = readRange(query, calendar.first, (from) =>
      from > calendar.last ? from : calendar.last,
    );
    const settles =
      readChoice(query, 'date_type', ['TRADING', 'SETTLEMENT'], 'TRADING') === 'SETTLEMENT';
    const days = legacyDays(calendar, settles ? dateAfter(start, -NEXT_BELL_DAYS) : start, end);
    response.json(
      days.filter(
        (day) =>
          (settles ? day.settlement_date : day.date) >= start &&
          (settles ? day.settlement_date : day.date) <= end,
      ),
    );
  });

  routes.get('/v3/clock', ({ query }, response) => {
    const markets = (readText(query, 'markets') ?? 'NYSE,NASDAQ')
      .split(',')
      .map((name) => marketOf(name.trim()));
    const asked = readTime(query, 'time');
    const now = asked ?? simulation.now();
    if (newYorkDate(now) < FIRST_DATE)
      throw new InvalidParameter(`the calendar begins on ${FIRST_DATE}`);
    const bells = bellsAt(now);
    const { phase, until } = phaseAt(bells.hours, bells.next, now);
    response.json({
      clocks: markets.map((market) => ({
        market: marketView(market),
        timestamp: asked === null ? clockStamp(now) : zonedStamp(now, NEW_YORK),
        is_market_day: bells.hours !== undefined,
        next_market_open: zonedStamp(bells.next_open, NEW_YORK),
        next_market_close: zonedStamp(bells.next_close, NEW_YORK),
        phase,
        phase_until: zonedStamp(until, NEW_YORK),
      })),
    });
  });

  routes.get('/v3/calendar/:market', ({ query, params }, response) => {
    const market = marketOf(params.market);
    const [start, end] = readRange(query, newYorkDate(simulation.now()), (from) =>
      dateAfter(from, 7),
    );
    const zone =
      readText(query, 'timezone') === null
        ? NEW_YORK
        : readChoice(query, 'timezone', ['UTC'], 'UTC');
    const settlement = new Map(
      legacyDays(calendar, start, end).map((day) => [day.date, day.settlement_date]),
    );
    const days = calendar.between(start, end).map((day) => {
      const hours = sessionHours(day);
      const at = (minute: number): string =>
        zonedStamp(hours.midnight_ms + minute * MINUTE_MS, zone);
      return {
        date: day.date,
        pre_start: at(hours.extended_open_minute),
        pre_end: at(hours.open_minute),
        core_start: at(hours.open_minute),
        core_end: at(hours.close_minute),
        post_start: at(hours.close_minute),
        post_end: at(hours.extended_close_minute),
        settlement_date: settlement.get(day.date),
      };
    });
    response.json({ market: marketView(market), calendar: days });
  });
  return routes;
};
