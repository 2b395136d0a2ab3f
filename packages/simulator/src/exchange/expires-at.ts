import { nyseCalendar } from '@catalyst/domain';
import { dateAfter, DAY_MS, sessionHours } from '../market/trading-time.ts';
import type { ExchangeContext } from './exchange-context.ts';
import type { Order } from './order.ts';

/** Alpaca cancels orders that are good till canceled after 90 days. */
const GTC_DAYS = 90;

/** The first session of the calendar after `date`; the exchange's rules continue where the day's calendar ends. */
const nextSession = (context: ExchangeContext, date: string) => {
  const known = context.market.day.calendar.find((day) => day.date > date);
  if (known) return sessionHours(known);
  return sessionHours(nyseCalendar(dateAfter(date, 1), dateAfter(date, 14))[0]!);
};

/** The instant (milliseconds) at which an order that is placed now ends unfilled: the close of its session, or 90 days from now for `gtc`. */
export const expiresAt = (context: ExchangeContext, order: Pick<Order, 'time_in_force' | 'extended_hours'>): number => {
  const { time, day } = context.market;
  const now = context.now();
  if (order.time_in_force === 'gtc') return now + GTC_DAYS * DAY_MS;
  const close = time.startOf(order.extended_hours ? time.extended_close_minute : time.close_minute);
  if (now < close) return close;
  const next = nextSession(context, day.trade_date);
  return next.midnight_ms + next.close_minute * 60_000;
};
