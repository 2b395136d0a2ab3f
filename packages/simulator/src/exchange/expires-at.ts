import { nyseCalendar } from '@catalyst/domain';
import { dateAfter, MINUTE_MS, sessionHours, type SessionHours } from '../market/trading-time.ts';
import type { ExchangeContext } from './exchange-context.ts';
import type { Order } from './order.ts';

/** Alpaca cancels orders that are good till canceled at the last close within 90 days. */
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

/** By date, since the exchange's rules take long to work out and every `gtc` order asks for them. */
const lastByRule = new Map<string, SessionHours>();

/** The last session up to `date`, by the exchange's rules beyond the day's calendar. */
const lastSession = (context: ExchangeContext, date: string): SessionHours => {
  const { calendar } = context.market.day;
  if (date <= calendar.at(-1)!.date)
    return sessionHours(calendar.findLast((day) => day.date <= date)!);
  const known = lastByRule.get(date);
  const found = known ?? sessionHours(nyseCalendar(dateAfter(date, -14), date).at(-1)!);
  if (!known) lastByRule.set(date, found);
  return found;
};

/**
 * The instant (milliseconds) at which an order that is placed now ends unfilled: the close of its
 * session (of its extended hours, where it takes part in them), for `gtc` of the last session within
 * 90 days.
 */
export const expiresAt = (
  context: ExchangeContext,
  order: Pick<Order, 'time_in_force' | 'extended_hours'>,
): number => {
  const { time, day } = context.market;
  const now = context.now();
  const closeOf = (session: SessionHours): number =>
    session.midnight_ms +
    (order.extended_hours ? session.extended_close_minute : session.close_minute) * MINUTE_MS;
  if (order.time_in_force === 'gtc')
    return closeOf(lastSession(context, dateAfter(day.trade_date, GTC_DAYS)));
  const close = closeOf(time);
  return now < close ? close : closeOf(nextSession(context, day.trade_date));
};
