import { describe, expect, it } from '@jest/globals';
import { nearSymbols } from './near-symbols.ts';

const near = (wanted: string, ...known: string[]): string[] =>
  nearSymbols(
    wanted,
    known.map((symbol) => ({ symbol })),
  ).map(({ symbol }) => symbol);

describe('the symbols that were perhaps meant', () => {
  it('are the nearest alone, in order of the alphabet, three at most', () => {
    expect(near('GRTX', 'GRTH', 'GRYM', 'ZZZZ')).toEqual(['GRTH']);
    expect(near('GRXX', 'GRYM', 'GRTH', 'GRNW', 'GRAA')).toEqual(['GRAA', 'GRNW', 'GRTH']);
  });
  it('are none where nothing is near: two letters away, or one for a short symbol', () => {
    expect(near('GRTH', 'ABCD')).toEqual([]);
    expect(near('F', 'GM')).toEqual([]);
    expect(near('F', 'T')).toEqual(['T']);
  });
});
