import { describe, expect, it } from '@jest/globals';
import { checkBar } from './check-bar.ts';

const good = { time_id: 29_000_000, open: 10, high: 11, low: 9.5, close: 10.5, volume: 1000 };

describe('a bar', () => {
  it('with true numbers is kept as it is', () => {
    expect(checkBar(good)).toEqual({ ok: true, bar: good });
    expect(checkBar({ ...good, open: 10, high: 10, low: 10, close: 10, volume: 0 }).ok).toBe(true);
  });

  it.each([
    [{ low: 10.2 }, 'low_above_body', 'low must be at most 10, was 10.2'],
    [{ high: 10.4 }, 'high_below_body', 'high must be at least 10.5, was 10.4'],
    [{ open: 0 }, 'price_not_positive', 'open must be above 0, was 0'],
    [{ low: -1 }, 'price_not_positive', 'low must be above 0, was -1'],
    [{ close: Number.NaN }, 'price_not_finite', 'close must be a finite number, was NaN'],
    [
      { high: Number.POSITIVE_INFINITY },
      'price_not_finite',
      'high must be a finite number, was Infinity',
    ],
    [{ volume: 1.5 }, 'volume_invalid', 'volume must be a whole number of at least 0, was 1.5'],
    [{ volume: -1 }, 'volume_invalid', 'volume must be a whole number of at least 0, was -1'],
    [{ time_id: 1.5 }, 'time_id_invalid', 'time_id must be a whole minute, was 1.5'],
  ])('with %j is refused as %s', (change, fault, reason) => {
    expect(checkBar({ ...good, ...change })).toEqual({ ok: false, fault, reason });
  });
});
