import { nyseCalendar } from '@catalyst/domain';
import type { CalendarDay } from './day.ts';

const ISO_DATE = /^\d{4}-\d\d-\d\d$/;

/** Calendar of a day: about 400 days before its date and 10 after. */
export const calendarAround = (tradeDate: string): CalendarDay[] => {
  if (!ISO_DATE.test(tradeDate) || Number.isNaN(Date.parse(tradeDate)))
    throw new RangeError(
      `trade_date must be a date such as 2026-03-10, was ${JSON.stringify(tradeDate)}`,
    );
  const at = (days: number): string =>
    new Date(Date.parse(tradeDate) + days * 86_400_000).toISOString().slice(0, 10);
  return nyseCalendar(at(-400), at(10));
};
