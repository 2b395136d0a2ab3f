import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { correlateReturns, pearson, type DailyClose } from './correlation.ts';

const dates = Array.from(
  { length: 100 },
  (_, index) =>
    `2026-${String(1 + Math.floor(index / 28)).padStart(2, '0')}-${String(1 + (index % 28)).padStart(2, '0')}`,
);
const closes = (values: readonly number[]): DailyClose[] =>
  values.map((close, index) => ({ trade_date: dates[index]!, close }));
const wave = Array.from(
  { length: 100 },
  (_, index) => 50 + 5 * Math.sin(index) + 2 * Math.cos(index * 1.7),
);

describe('correlation of daily returns', () => {
  it('is 1 with itself and with itself at another price, and stays within -1 and +1', () => {
    expect(correlateReturns(closes(wave), closes(wave))).toBeCloseTo(1, 12);
    expect(correlateReturns(closes(wave), closes(wave.map((value) => value * 7)))).toBeCloseTo(
      1,
      12,
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: 1, max: 100, noNaN: true }),
            fc.double({ min: 1, max: 100, noNaN: true }),
          ),
          { minLength: 21, maxLength: 80 },
        ),
        (pairs) => {
          const value = correlateReturns(
            closes(pairs.map((pair) => pair[0])),
            closes(pairs.map((pair) => pair[1])),
          );
          expect(value === null || (value >= -1 && value <= 1)).toBe(true);
        },
      ),
    );
  });

  it('is -1 of opposite returns', () => {
    expect(pearson([1, 2, 3], [-1, -2, -3])).toBeCloseTo(-1, 12);
  });

  it('is null with fewer than 20 pairs and with a price that never moved', () => {
    expect(correlateReturns(closes(wave.slice(0, 20)), closes(wave.slice(0, 20)))).toBeNull();
    expect(correlateReturns(closes(wave.slice(0, 21)), closes(wave.slice(0, 21)))).not.toBeNull();
    expect(correlateReturns(closes(wave), closes(wave.map(() => 10)))).toBeNull();
  });

  it('pairs days by date and looks at the last 60 returns only', () => {
    const later = closes(wave).slice(30);
    expect(correlateReturns(closes(wave), later)).toBeCloseTo(1, 12);
    const changed = closes(wave.map((value, index) => (index < 39 ? 500 - value : value)));
    expect(correlateReturns(closes(wave), changed)).toBeCloseTo(1, 12);
  });
});
