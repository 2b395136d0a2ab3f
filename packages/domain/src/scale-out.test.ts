import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { add, compare, Exact } from './money.ts';
import { entryParts, MOST_PARTS, rewardToRisk, scaleOutPrices } from './scale-out.ts';

const levels = {
  direction: 'long' as const,
  entry_price: '100',
  limit_price: '100.2',
  stop_price: '98',
  target_price: '105',
};

describe('a trade that is left in parts', () => {
  it('leaves at multiples of its risk, on the tick, between its limit and its target', () => {
    expect(scaleOutPrices([1, 2], levels)).toEqual(['102', '104']);
    expect(scaleOutPrices([1, 2, 2.5], levels)).toEqual(['102', '104']);
    expect(scaleOutPrices([1, 2], { ...levels, stop_price: '99.995' })).toEqual([]);
    expect(scaleOutPrices([1], { ...levels, entry_price: '100.003', stop_price: '98' })).toEqual([
      '102.01',
    ]);
    expect(
      scaleOutPrices([1, 2], {
        direction: 'short',
        entry_price: '100',
        limit_price: '99.8',
        stop_price: '102',
        target_price: '95',
      }),
    ).toEqual(['98', '96']);
    expect(scaleOutPrices([1, 2], { ...levels, limit_price: null })).toEqual(['102', '104']);
  });

  it('is judged by its reward over all parts', () => {
    expect(rewardToRisk(levels).toString()).toBe('2.5');
    expect(rewardToRisk({ ...levels, scale_out: ['102', '104'] }).toFixed(4)).toBe('1.8333');
  });

  it('is so many whole shares in all, whatever they are', () => {
    expect(entryParts('100', ['102', '104'], '105')).toEqual([
      { part: 1, qty: '33', target_price: '102' },
      { part: 2, qty: '33', target_price: '104' },
      { part: 3, qty: '34', target_price: '105' },
    ]);
    expect(entryParts('2', ['102', '104'], '105')).toEqual([
      { part: 1, qty: '2', target_price: '105' },
    ]);
    expect(entryParts('7', [], '105')).toEqual([{ part: 1, qty: '7', target_price: '105' }]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 0, max: MOST_PARTS - 1 }),
        (qty, early) => {
          const targets = Array.from({ length: early }, (_, n) => String(101 + n));
          const parts = entryParts(String(qty), targets, '110');
          expect(parts.reduce((sum, part) => add(sum, part.qty), '0')).toBe(String(qty));
          expect(parts.map(({ part }) => part)).toEqual(parts.map((_, index) => index + 1));
          for (const part of parts) {
            expect(compare(part.qty, 0)).toBe(1);
            expect(new Exact(part.qty).isInteger()).toBe(true);
          }
          expect(parts.at(-1)!.target_price).toBe('110');
          // so the reward over the shares is never less than over the parts
          const shares = parts.reduce(
            (sum, { qty: of, target_price }) =>
              sum.plus(new Exact(target_price).minus(100).times(of)),
            new Exact(0),
          );
          const judged = rewardToRisk({
            entry_price: '100',
            stop_price: '99',
            target_price: '110',
            scale_out: targets,
          });
          expect(shares.div(qty).gte(judged.minus('1e-15'))).toBe(true);
        },
      ),
    );
  });
});
