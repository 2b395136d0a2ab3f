import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { candidate, type Change } from '../../tests/candidates.ts';
import type { WithPattern } from './candidate.ts';
import { DEFAULT_FUNNEL_RULES } from './funnel-rules.ts';
import {
  enterUniverse,
  rankCandidates,
  screenCatalysts,
  screenPatterns,
  screenTechnicals,
} from './funnel.ts';
import { recordScan, type ScanRecord } from './scan-record.ts';

const scan = (
  candidates: readonly WithPattern[],
  refused: { symbol: string; reason: string }[] = [],
): { counts: number[]; records: ScanRecord[] } => {
  const rules = DEFAULT_FUNNEL_RULES;
  const bySymbol = new Map(candidates.map((item) => [item.symbol, item]));
  const full = (items: readonly { symbol: string }[]): WithPattern[] =>
    items.map((item) => bySymbol.get(item.symbol)!);
  const universe = enterUniverse(candidates, refused, rules);
  const catalysts = screenCatalysts(full(universe.passed), rules);
  const technicals = screenTechnicals(full(catalysts.passed), rules);
  const patterns = screenPatterns(full(technicals.passed), rules);
  const ranking = rankCandidates(full(patterns.passed), rules);
  return {
    counts: [universe, catalysts, technicals, patterns, ranking].map(
      (stage) => stage.passed.length,
    ),
    records: recordScan([universe, catalysts, technicals, patterns], ranking),
  };
};

describe('the funnel', () => {
  it.each<[string, string, Change, string]>([
    ['catalyst', 'no_catalyst', { catalyst: null }, 'no catalyst was found in its news'],
    [
      'catalyst',
      'catalyst_too_weak',
      { catalyst: { strength: 0.7 } },
      'catalyst_strength was 0.7, not above 0.7',
    ],
    [
      'catalyst',
      'sentiment_too_low',
      { catalyst: { sentiment: -0.8 } },
      'sentiment was -0.8, not above 0.5',
    ],
    [
      'technical',
      'below_sma_20',
      { technical: { sma_20: 51.25 } },
      'price was 50.00, not above sma_20 51.25',
    ],
    ['technical', 'rsi_out_of_range', { technical: { rsi_14: 74.2 } }, 'rsi_14 was 74.2, above 70'],
    ['technical', 'rsi_out_of_range', { technical: { rsi_14: 39.9 } }, 'rsi_14 was 39.9, below 40'],
    [
      'technical',
      'rsi_out_of_range',
      { technical: { rsi_14: Number.NaN } },
      'rsi_14 was NaN, below 40',
    ],
    [
      'technical',
      'relative_volume_too_low',
      { technical: { relative_volume: 1.5 } },
      'relative_volume was 1.5, not above 1.5',
    ],
    [
      'technical',
      'data_missing',
      { technical: { sma_20: null, relative_volume: null } },
      'sma_20 was not available; relative_volume was not available',
    ],
    [
      'technical',
      'data_missing',
      { technical: { last_price: null } },
      'last_price was not available',
    ],
    ['technical', 'data_missing', { technical: null }, 'no indicators were available'],
    ['pattern', 'no_pattern', { pattern: null }, 'no pattern was recognized'],
    [
      'pattern',
      'confidence_too_low',
      { pattern: { confidence: 0.7 } },
      'confidence of bull_flag was 0.7, not above 0.7',
    ],
    [
      'ranking',
      'reward_to_risk_too_low',
      { pattern: { reward_to_risk: 1.4 } },
      'reward_to_risk was 1.4, below 2',
    ],
  ])('stops a candidate in stage %s as %s with its number', (stage, code, change, reason) => {
    expect(scan([candidate('AAA', change)]).records).toMatchObject([
      { symbol: 'AAA', stage, code, reason, selected: false, rank: null },
    ]);
  });

  it('names every number that was against a candidate', () => {
    const [record] = scan([
      candidate('AAA', { technical: { rsi_14: 80, relative_volume: 1 } }),
    ]).records;
    expect(record!.reason).toBe('rsi_14 was 80, above 70; relative_volume was 1, not above 1.5');
  });

  it('takes the edges of the RSI range', () => {
    for (const rsi_14 of [40, 70])
      expect(scan([candidate('AAA', { technical: { rsi_14 } })]).records[0]!.selected).toBe(true);
  });

  it('lets at most 100, 35, 20, 10 and 5 through, and keeps a record of every one of 150', () => {
    const all = Array.from({ length: 150 }, (_, index) =>
      candidate(`S${String(index).padStart(3, '0')}`),
    );
    const { counts, records } = scan(all);
    expect(counts).toEqual([100, 35, 20, 10, 5]);
    expect(records).toHaveLength(150);
    expect(records.slice(0, 5).map((record) => [record.symbol, record.rank])).toEqual([
      ['S000', 1],
      ['S001', 2],
      ['S002', 3],
      ['S003', 4],
      ['S004', 5],
    ]);
    expect(records[5]).toMatchObject({ symbol: 'S005', stage: 'ranking', code: 'over_limit' });
    expect(records[5]!.reason).toMatch(
      /^was number 6 by composite score \(0\.\d+\), the limit is 5$/,
    );
    expect(records.filter((record) => record.stage === 'universe')).toHaveLength(50);
  });

  it('ranks by composite score, then by reward to risk, then by symbol', () => {
    const { records } = scan([
      candidate('CCC'),
      candidate('BBB', { pattern: { reward_to_risk: 3 } }),
      candidate('AAA'),
      candidate('DDD', { pattern: { confidence: 0.95 } }),
    ]);
    expect(records.map((record) => record.symbol)).toEqual(['DDD', 'BBB', 'AAA', 'CCC']);
    expect(records[0]!.reason).toMatch(/^rank 1 with a composite score of 0\.\d{3}$/);
  });

  const anyCandidates = fc.uniqueArray(
    fc.record({
      symbol: fc.stringMatching(/^[A-Z]{1,4}$/),
      average_volume: fc.integer({ min: 0, max: 10_000_000 }),
      strength: fc.double({ min: 0.5, max: 1, noNaN: true }),
      sentiment: fc.double({ min: 0.2, max: 1, noNaN: true }),
      rsi_14: fc.option(fc.double({ min: 30, max: 80, noNaN: true })),
      relative_volume: fc.option(fc.double({ min: 1, max: 5, noNaN: true })),
      confidence: fc.double({ min: 0.5, max: 1, noNaN: true }),
    }),
    { selector: (row) => row.symbol, maxLength: 80 },
  );

  it('keeps each symbol once, selects only what passes every threshold, and does not depend on the order given', () => {
    fc.assert(
      fc.property(anyCandidates, (rows) => {
        const all = rows.map((row) =>
          candidate(row.symbol, {
            average_volume: row.average_volume,
            catalyst: { strength: row.strength, sentiment: row.sentiment },
            technical: { rsi_14: row.rsi_14, relative_volume: row.relative_volume },
            pattern: { confidence: row.confidence },
          }),
        );
        const { records, counts } = scan(all);
        expect(records.map((record) => record.symbol).sort()).toEqual(
          rows.map((row) => row.symbol).sort(),
        );
        expect(counts).toEqual(counts.toSorted((left, right) => right - left));
        for (const record of records) {
          expect(record.reason).not.toBe('');
          if (!record.selected) continue;
          expect(
            record.catalyst!.strength > 0.7 &&
              record.catalyst!.sentiment > 0.5 &&
              record.technical!.relative_volume! > 1.5,
          ).toBe(true);
          expect(
            record.technical!.indicators.rsi_14! >= 40 &&
              record.technical!.indicators.rsi_14! <= 70 &&
              record.pattern!.confidence > 0.7,
          ).toBe(true);
          expect(record.scores!.composite >= 0 && record.scores!.composite <= 1 + 1e-9).toBe(true);
        }
        expect(scan(all.toReversed()).records).toEqual(records);
      }),
    );
  });

  it('keeps the technical service’s reason for a stock outside the universe', () => {
    const { records } = scan(
      [candidate('AAA')],
      [{ symbol: 'ZZZ', reason: 'price was 3, not above 5' }],
    );
    expect(records[1]).toMatchObject({
      symbol: 'ZZZ',
      stage: 'universe',
      code: 'not_in_universe',
      reason: 'price was 3, not above 5',
      selected: false,
    });
  });

  it('lets the strongest through where a stage is full', () => {
    const weak = Array.from({ length: 35 }, (_, index) =>
      candidate(`A${String(index).padStart(2, '0')}`),
    );
    const strong = candidate('ZZZ', { catalyst: { strength: 0.99, sentiment: 0.99 } });
    const { records } = scan([...weak, strong]);
    expect(records.filter((record) => record.stage === 'catalyst')).toMatchObject([
      { symbol: 'A34', code: 'over_limit' },
    ]);
    expect(records.find((record) => record.symbol === 'ZZZ')!.stage).not.toBe('catalyst');
  });
});
