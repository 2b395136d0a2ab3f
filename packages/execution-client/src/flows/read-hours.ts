import type { Brokerage } from '@catalyst/brokerage';
import {
  inNewYork,
  nyseCalendarDay,
  tradingHours,
  type TradeDate,
  type TradingHours,
} from '@catalyst/domain';
import type { Clock, Log } from '@catalyst/runtime';

/** The hours of the day at hand: the broker's calendar, and the exchange's rules while it is away. */
export const createReadHours = (
  reference: Brokerage['reference'],
  { clock, log }: { clock: Pick<Clock, 'now'>; log: Log },
) => {
  const known = new Map<TradeDate, TradingHours | null>();
  return async (): Promise<TradingHours | null> => {
    const { date } = inNewYork(clock.now());
    const kept = known.get(date);
    if (kept !== undefined) return kept;
    try {
      const [day] = await reference.listCalendar(date, date);
      const hours = day && day.date === date ? tradingHours(day) : null;
      known.clear();
      known.set(date, hours);
      return hours;
    } catch (error) {
      log.warn('calendar_not_read', { error });
      const day = nyseCalendarDay(date);
      return day && tradingHours(day);
    }
  };
};
