import { describe, expect, it } from '@jest/globals';
import { periodDates } from './period.ts';

describe('a period', () => {
  it.each([
    ['daily', '2026-03-10', '2026-03-10'],
    ['weekly', '2026-03-02', '2026-02-24'],
    ['monthly', '2026-03-10', '2026-02-11'],
    ['monthly', '2026-03-31', '2026-03-01'],
    ['monthly', '2026-01-15', '2025-12-16'],
  ] as const)('that is %s and ends on %s begins on %s', (period, to, from) => {
    expect(periodDates(period, to)).toEqual({ from, to });
  });
});
