import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lastStopPrice, stopMove } from './stop-plan.ts';

describe('a stop that is moved', () => {
  it.each([
    ['long', '98', '99', '100', 'nearer'],
    ['long', '98', '97', '100', 'farther'],
    ['long', '98', '98.00', '100', 'same'],
    ['long', '98', '100', '100', 'beyond_price'],
    ['long', null, '97', '100', 'nearer'],
    ['short', '102', '101', '100', 'nearer'],
    ['short', '102', '103', '100', 'farther'],
    ['short', '102', '100', '100', 'beyond_price'],
  ] as const)('of a %s position from %s to %s at %s is %s', (direction, from, to, price, move) => {
    expect(stopMove(direction, from, to, price)).toBe(move);
  });
  it('is nearer in one direction exactly where it is farther in the other, between stop and price', () => {
    const price = fc.integer({ min: 1, max: 10_000 }).map((cents) => (cents / 100).toFixed(2));
    fc.assert(
      fc.property(price, price, (from, to) => {
        const moves = [stopMove('long', from, to, null), stopMove('short', from, to, null)].sort();
        expect([
          ['farther', 'nearer'],
          ['same', 'same'],
        ]).toContainEqual(moves);
      }),
    );
  });
});

describe('where the desk last put a stop', () => {
  it("is its newest stop's price, whatever became of it; a stranger's is none of ours", () => {
    const stop = (stop_price: string | null, over = {}) => ({
      role: 'stop' as const,
      status: 'canceled' as const,
      stop_price,
      is_adopted: false,
      ...over,
    });
    expect(lastStopPrice([stop('98'), stop('99'), stop('97', { is_adopted: true })])).toBe('99');
    expect(lastStopPrice([stop('98'), { ...stop('99'), status: 'refused' as const }])).toBe('98');
    expect(lastStopPrice([stop(null), { ...stop('5'), role: 'exit' as const }])).toBeNull();
  });
});
