import { sessionDate, tradingHours, type TradeDate, type TradingHours } from '@catalyst/domain';
import { AppError, type Clock } from '@catalyst/service-kit';
import { DateTime } from 'luxon';
import type { Store } from '../store/create-store.ts';

/** The trading day of the work at hand and the sessions before it, oldest first. */
export interface TradingDay extends TradingHours {
  earlier: readonly TradingHours[];
}

const shift = (date: TradeDate, days: number): TradeDate =>
  DateTime.fromISO(date, { zone: 'utc' }).plus({ days }).toISODate()!;

/**
 * Reads the day from the stored calendar; on a day without trading it is the last one, so that a
 * Sunday scan sees Friday. A day begins at 04:00; until then the one before is at hand. With
 * `session_date` it is that session's, once it is over.
 */
export const createReadTradingDay = (
  store: Pick<Store, 'readCalendar'>,
  clock: Pick<Clock, 'now'>,
  session_date?: TradeDate,
) => {
  let cached: { date: TradeDate; day: TradingDay } | undefined;
  return async (): Promise<TradingDay> => {
    const date = session_date ?? sessionDate(clock.now());
    if (cached?.date === date) return cached.day;
    const calendar = await store.readCalendar(shift(date, -60), date);
    const today = calendar.at(-1);
    if (!today)
      throw new AppError(
        'NOT_READY',
        "the exchange's calendar is not stored yet: sync the reference data first",
      );
    const hours = tradingHours(today);
    if (session_date !== undefined && (today.date !== date || clock.now() < hours.close_at))
      throw new AppError('INVALID_REQUEST', `${date} is no session that is over`, { session_date });
    const day = { ...hours, earlier: calendar.slice(0, -1).map(tradingHours) };
    if (today.date === date) cached = { date, day };
    return day;
  };
};
export type ReadTradingDay = ReturnType<typeof createReadTradingDay>;
