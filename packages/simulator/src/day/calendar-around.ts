import { nyseCalendar } from '@catalyst/domain';
import type { CalendarDay } from './day.ts';

/** Calendar of a day: about 400 days before its date and 10 after. */
export const calendarAround = (tradeDate: string): CalendarDay[] => {
  const at = (days: number): string => new Date(Date.parse(tradeDate) + days * 86_400_000).toISOString().slice(0, 10);
  return nyseCalendar(at(-400), at(10));
};
