import { nyseCalendar } from '@catalyst/domain';
import {
  dateAfter,
  DAY_MS,
  MINUTE_MS,
  sessionHours,
  type SessionHours,
} from '../market/trading-time.ts';
import type { ExchangeContext } from './exchange-context.ts';
import type { Order } from './order.ts';

/** Alpaca cancels orders that are good till canceled after 90 days. */
const GTC_DAYS = 90;

/**
 * The first session of the calendar after `date`; the exchange's rules continue where the day's
 * calendar ends.
 */
const nextSession = (context: ExchangeContext, date: string) => {
  const known = context.market.day.calendar.find((day) => day.date > date);
  if (known) return sessionHours(known);
  return sessionHours(nyseCalendar(dateAfter(date, 1), dateAfter(date, 14))[0]!);
};

/**
 * The instant (milliseconds) at which an order that is placed now ends unfilled: the close of its
 * session (of its extended hours, where it takes part in them), or 90 days from now for `gtc`.
 */
export const expiresAt = (
  context: ExchangeContext,
  order: Pick<Order, 'time_in_force' | 'extended_hours'>,
): number => {
  const { time, day } = context.market;
  const now = context.now();
  if (order.time_in_force === 'gtc') return now + GTC_DAYS * DAY_MS;
  const closeOf = (session: SessionHours): number =>
    session.midnight_ms +
    (order.extended_hours ? session.extended_close_minute : session.close_minute) * MINUTE_MS;
  const close = closeOf(time);
  return now < close ? close : closeOf(nextSession(context, day.trade_date));
};
