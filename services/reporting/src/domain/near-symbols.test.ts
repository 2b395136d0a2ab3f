import { describe, expect, it } from '@jest/globals';
import { nearSymbols } from './near-symbols.ts';

const near = (wanted: string, ...known: string[]): string[] =>
  nearSymbols(
    wanted,
    known.map((symbol) => ({ symbol })),
  ).map(({ symbol }) => symbol);

describe('the symbols that were perhaps meant', () => {
  it.each([
    ['another letter', 'GRTX'],
    ['a letter too few', 'GRT'],
    ['a letter too many', 'GRTHH'],
    ['letters in another order', 'GTRH'],
  ])('are found by %s', (_, wanted) => {
    expect(near(wanted, 'AAAA', 'GRTH', 'GRYM')).toEqual(['GRTH']);
  });
  it('are none where nothing is near', () => {
    expect(near('AAPL', 'AMBL', 'GRTH')).toEqual([]);
  });
  it('are the first three of the alphabet', () => {
    expect(near('AA', 'AE', 'AD', 'AC', 'AB')).toEqual(['AB', 'AC', 'AD']);
  });
});
