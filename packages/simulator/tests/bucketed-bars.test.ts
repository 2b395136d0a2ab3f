import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DayBar } from '../src/day/day.ts';
import { bucketedBars } from '../src/market/bucketed-bars.ts';
import { MINUTES_PER_DAY } from '../src/market/trading-time.ts';

const barOf = (minute: number): DayBar => ({
  minute,
  open: 10 + minute,
  high: 12 + minute,
  low: 9 + minute,
  close: 11 + minute,
  volume: 100 + minute,
  trade_count: 1,
  vwap: 10.5 + minute,
});

const session = fc
  .uniqueArray(fc.integer({ min: 0, max: MINUTES_PER_DAY - 1 }), { maxLength: 60 })
  .map((minutes) => minutes.toSorted((left, right) => left - right).map(barOf));

test('bars asked for from the latest on are those from the earliest on, turned round and cut', () => {
  fc.assert(
    fc.property(
      session,
      fc.constantFrom(1, 5, 15, 60),
      fc.integer({ min: 0, max: MINUTES_PER_DAY }),
      fc.integer({ min: -5, max: MINUTES_PER_DAY }),
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 20 }),
      (bars, length, from, to, unknown, limit) => {
        const end = Math.max(0, bars.length - unknown);
        const read = (sort: 'asc' | 'desc', most: number) =>
          bucketedBars(bars, end, length, String, { from, to, sort, limit: most });
        const all = read('asc', Infinity);
        expect(read('asc', limit)).toEqual(all.slice(0, limit));
        expect(read('desc', limit)).toEqual(all.toReversed().slice(0, limit));
        expect(all.every(({ t }) => Number(t) >= from && Number(t) <= to)).toBe(true);
      },
    ),
  );
});
