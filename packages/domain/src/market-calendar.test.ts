import { describe, expect, it } from '@jest/globals';
import { nyseCalendarDay } from './market-calendar.ts';

const bells = (date: string): string => {
  const day = nyseCalendarDay(date);
  return day ? `${day.open} to ${day.close}` : 'closed';
};

describe('the calendar by rule', () => {
  it.each([
    // the short day around the Fourth of July, by the rule until 2012 and by the one since
    ['2001-07-03', '09:30 to 13:00'],
    ['2002-07-03', '09:30 to 16:00'],
    ['2002-07-05', '09:30 to 13:00'],
    ['2003-07-03', '09:30 to 13:00'],
    ['2006-07-03', '09:30 to 13:00'],
    ['2008-07-03', '09:30 to 13:00'],
    ['2012-07-03', '09:30 to 13:00'],
    ['2013-07-03', '09:30 to 13:00'],
    ['2013-07-05', '09:30 to 16:00'],
    ['2019-07-05', '09:30 to 16:00'],
    ['2024-07-03', '09:30 to 13:00'],
    ['2026-07-02', '09:30 to 16:00'],
    ['2026-07-03', 'closed'],
    // for no rule
    ['2002-09-11', '12:00 to 16:00'],
    ['2003-12-26', '09:30 to 13:00'],
    ['2008-12-26', '09:30 to 16:00'],
    ['2004-06-11', 'closed'],
    ['2012-10-29', 'closed'],
    ['2018-12-05', 'closed'],
    ['2025-01-09', 'closed'],
    // holidays that move
    ['2021-12-31', '09:30 to 16:00'],
    ['2022-06-20', 'closed'],
    ['2026-04-03', 'closed'],
    ['2026-11-27', '09:30 to 13:00'],
    ['2027-06-18', 'closed'],
  ])('has %s as %s', (date, expected) => {
    expect(bells(date)).toBe(expected);
  });
});
