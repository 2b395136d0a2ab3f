import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { riskRatio } from './kelly.ts';

describe('the share of equity at risk', () => {
  it('is the fixed fraction until there are 30 closed trades', () => {
    expect(riskRatio(Array(29).fill(2), 0.005)).toEqual({ ratio: 0.005, method: 'fixed_fraction' });
  });
  it('is a quarter of Kelly after that: 40 % wins of 2 R against losses of 1 R give f = 0.1', () => {
    const trades = Array.from({ length: 50 }, (_, index) => (index % 5 < 2 ? 2 : -1));
    expect(riskRatio(trades, 0.05).ratio).toBeCloseTo(0.025, 10);
  });
  it('never exceeds the fixed fraction and never falls below a quarter of it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -3, max: 8, noNaN: true }), { minLength: 30, maxLength: 60 }),
        (trades) => {
          const { ratio } = riskRatio(trades, 0.005);
          expect(ratio >= 0.00125 && ratio <= 0.005).toBe(true);
        },
      ),
    );
  });
});
