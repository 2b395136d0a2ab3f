import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ClosedTrade } from './closed-trade.ts';
import { edgeOf, kellyFraction } from './kelly.ts';
import { sizeStake } from './stake.ts';

const trade = (r_multiple: number, pattern: string | null = 'bull_flag'): ClosedTrade => ({
  r_multiple,
  pattern,
  catalyst_type: 'earnings',
});
const many = (count: number, r_multiple: number, pattern?: string): ClosedTrade[] =>
  Array.from({ length: count }, () => trade(r_multiple, pattern));
const given = {
  trades: [] as ClosedTrade[],
  pattern: 'bull_flag',
  catalyst_type: 'earnings',
  base: 0.005,
  daily_range: 0.03,
};

describe('the stake of a trade', () => {
  it('is the fixed fraction until thirty trades are over', () => {
    for (const trades of [[], many(29, 5)])
      expect(sizeStake({ ...given, trades })).toMatchObject({
        method: 'fixed_fraction',
        ratio: 0.005,
      });
    expect(sizeStake({ ...given, trades: many(30, 5) }).method).toBe('quarter_kelly');
  });

  it('follows Kelly, W - (1 - W) / R: wins of 60 % that are as large as the losses make 0.2', () => {
    expect(kellyFraction({ trades: 100, win_rate: 0.6, mean_win: 1, mean_loss: 1 })).toBeCloseTo(
      0.2,
      12,
    );
    expect(kellyFraction({ trades: 100, win_rate: 0.4, mean_win: 2, mean_loss: 1 })).toBeCloseTo(
      0.1,
      12,
    );
  });

  it('draws a few lucky trades of a kind towards what all trades were', () => {
    const trades = [...many(5, 3, 'cup'), ...many(40, 1), ...many(60, -1)];
    const { all, pattern } = edgeOf(trades, { pattern: 'cup', catalyst_type: null });
    // five wins of five, with twenty trades' worth of 45 of 105 drawn to 10 of 20 before them
    expect(all.win_rate).toBeCloseTo((45 + 10) / 125, 12);
    expect(pattern.win_rate).toBeCloseTo((5 + 20 * all.win_rate) / 25, 12);
    expect(pattern.win_rate).toBeLessThan(0.6);
  });

  it('is smaller for a pattern that loses than for one that wins', () => {
    const trades = [
      ...many(60, 1.2, 'good'),
      ...many(40, -1, 'good'),
      ...many(45, 1, 'poor'),
      ...many(48, -1, 'poor'),
    ];
    const ratioOf = (pattern: string): number => sizeStake({ ...given, trades, pattern }).ratio;
    expect(ratioOf('poor')).toBeLessThan(ratioOf('good'));
  });

  it('is less for a stock that moves more than 5 % a day: half at 10 %, a fifth at the least', () => {
    expect(sizeStake({ ...given, daily_range: 0.05 }).ratio).toBe(0.005);
    expect(sizeStake({ ...given, daily_range: 0.1 }).ratio).toBe(0.0025);
    expect(sizeStake({ ...given, daily_range: 9 }).ratio).toBeCloseTo(0.001, 12);
  });

  it('never passes the base and never ends, whatever was traded, and explains each factor', () => {
    const result = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(result, { maxLength: 120 }),
        fc.constantFrom(0.0005, 0.005, 0.02),
        fc.option(fc.double({ min: 0.001, max: 2, noNaN: true }), { nil: null }),
        (results, base, daily_range) => {
          const trades = results.map((one, index) => trade(one, index % 2 ? 'bull_flag' : null));
          const { ratio, factors } = sizeStake({ ...given, trades, base, daily_range });
          expect(ratio).toBeLessThanOrEqual(base);
          expect(ratio).toBeGreaterThanOrEqual(base * 0.25 * 0.2 - 1e-12);
          expect(factors.every(({ value, reason }) => value !== 'NaN' && reason !== '')).toBe(true);
        },
      ),
    );
  });
});
