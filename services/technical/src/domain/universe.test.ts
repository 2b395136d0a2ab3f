import { describe, expect, it } from '@jest/globals';
import { selectUniverse, type UniverseRow } from './universe.ts';

const row = (symbol: string, change: Partial<UniverseRow> = {}): UniverseRow => ({
  symbol,
  last_price: 50,
  average_volume: 2_000_000,
  has_news: true,
  ...change,
});

describe('the universe', () => {
  it('keeps the most active by dollar volume, ties by symbol, whatever the order of the rows', () => {
    const rows = [
      row('CCC'),
      row('AAA'),
      row('BBB', { last_price: 80 }),
      row('DDD', { average_volume: 1_500_000 }),
    ];
    const expected = ['BBB', 'AAA', 'CCC', 'DDD'];
    expect(selectUniverse(rows).selected.map((item) => item.symbol)).toEqual(expected);
    expect(selectUniverse(rows.toReversed()).selected.map((item) => item.symbol)).toEqual(expected);
  });

  it.each([
    ['price_too_low', { last_price: 5 }, 'last_price was 5, not above 5'],
    [
      'volume_too_low',
      { average_volume: 1_000_000 },
      'average_volume was 1000000 shares, not above 1000000',
    ],
    ['no_news', { has_news: false }, 'no news in the last 24 hours'],
    ['price_too_low', { last_price: Number.NaN }, 'last_price was NaN, not above 5'],
  ])('refuses as %s with the number', (code, change, reason) => {
    expect(selectUniverse([row('AAA', change)])).toEqual({
      selected: [],
      refused: [{ symbol: 'AAA', code, reason }],
    });
  });

  it('is cut at its limit, and a second row of a symbol is refused', () => {
    const universe = selectUniverse(
      [row('AAA', { last_price: 60 }), row('BBB'), row('CCC'), row('AAA')],
      { limit: 2 },
    );
    expect(universe.selected.map((item) => [item.symbol, item.rank])).toEqual([
      ['AAA', 1],
      ['BBB', 2],
    ]);
    expect(universe.refused).toEqual([
      { symbol: 'AAA', code: 'duplicate', reason: 'AAA was listed more than once' },
      {
        symbol: 'CCC',
        code: 'over_limit',
        reason: 'was number 3 by dollar volume, the limit is 2',
      },
    ]);
  });

  it('takes stocks without news where the rules allow it', () => {
    expect(
      selectUniverse([row('AAA', { has_news: false })], { requires_news: false }).selected,
    ).toHaveLength(1);
  });
});
