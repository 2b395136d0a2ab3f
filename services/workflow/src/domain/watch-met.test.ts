import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { directionTo, metValue } from './watch-met.ts';

const price = fc.integer({ min: 1, max: 1_000_000 }).map((cents) => (cents / 100).toFixed(2));
const day_pnl_usd = null;

describe('a watch', () => {
  it('is met by the side of the quote that somebody would get, and by nothing short of it', () => {
    fc.assert(
      fc.property(price, price, price, (level, bid_price, ask_price) => {
        const readings = { quotes: new Map([['ACME', { bid_price, ask_price }]]), day_pnl_usd };
        const watch = { kind: 'price', symbol: 'ACME', level } as const;
        expect(metValue({ ...watch, direction: 'at_or_above' }, readings)).toBe(
          Number(bid_price) >= Number(level) ? bid_price : null,
        );
        expect(metValue({ ...watch, direction: 'at_or_below' }, readings)).toBe(
          Number(ask_price) <= Number(level) ? ask_price : null,
        );
      }),
    );
  });
  it('waits while nothing is known, and takes no empty side for a price', () => {
    const watch = { kind: 'price', symbol: 'ACME', level: '41', direction: 'at_or_below' } as const;
    const empty = new Map([['ACME', { bid_price: '0', ask_price: '0' }]]);
    expect(metValue(watch, { quotes: new Map(), day_pnl_usd })).toBe(null);
    expect(metValue(watch, { quotes: empty, day_pnl_usd })).toBe(null);
    const day = { kind: 'day_pnl', symbol: null, level: '-500', direction: 'at_or_below' } as const;
    expect(metValue(day, { quotes: new Map(), day_pnl_usd: null })).toBe(null);
    expect(metValue(day, { quotes: new Map(), day_pnl_usd: '-512.30' })).toBe('-512.30');
    expect(metValue(day, { quotes: new Map(), day_pnl_usd: '-499.99' })).toBe(null);
  });
  it('comes to its level from where the value is', () => {
    expect([directionTo('41', '40'), directionTo('41', '42'), directionTo('-500', '12')]).toEqual([
      'at_or_above',
      'at_or_below',
      'at_or_below',
    ]);
  });
});
