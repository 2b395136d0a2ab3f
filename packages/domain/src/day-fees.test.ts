import { describe, expect, it } from '@jest/globals';
import { dayFees } from './day-fees.ts';

const DATE = '2026-06-15';
// six sells of 500 shares at $50: SEC 150,000 x 20.60 / 1,000,000 = 3.09; TAF 3,000 x 0.000195 = 0.585
const sales = Array.from({ length: 6 }, () => ({ qty: '500', price: '50' }));

describe('the fees of a day', () => {
  it('are estimated until the broker charges them', () => {
    expect(dayFees(DATE, sales, [])).toEqual({ fees_usd: '3.68', is_estimated: true });
  });
  it('are what the broker charged once it has', () => {
    const reg = { kind: 'REG', amount_usd: '3.1' };
    expect(dayFees(DATE, sales, [reg])).toEqual({ fees_usd: '3.69', is_estimated: true });
    expect(
      dayFees(DATE, sales, [
        reg,
        { kind: 'TAF', amount_usd: '0.58' },
        { kind: 'COM', amount_usd: '1' },
      ]),
    ).toEqual({ fees_usd: '4.68', is_estimated: false });
  });
  it('are not doubled by a charge that does not say what it is for', () => {
    expect(dayFees(DATE, sales, [{ kind: 'FEE', amount_usd: '3.7' }])).toEqual({
      fees_usd: '3.70',
      is_estimated: false,
    });
  });
  it('are none where nothing was sold', () => {
    expect(dayFees(DATE, [], [])).toEqual({ fees_usd: '0.00', is_estimated: false });
  });
});
