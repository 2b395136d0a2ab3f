import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CatalystFacts, PatternFacts, TechnicalFacts, WithPattern } from './candidate.ts';
import { DEFAULT_FUNNEL_RULES, funnelRules } from './funnel-rules.ts';
import {
  enterUniverse,
  rankCandidates,
  screenCatalysts,
  screenPatterns,
  screenTechnicals,
} from './funnel.ts';
import { recordScan, type ScanRecord } from './scan-record.ts';

const catalyst: CatalystFacts = {
  catalyst_type: 'earnings',
  strength: 0.85,
  sentiment: 0.8,
  article_id: 'a1',
  headline: 'beats',
};
const technical: TechnicalFacts = {
  last_price: 50,
  relative_volume: 3,
  gap_ratio: 0.02,
  indicators: { sma_20: 48, sma_50: 46, rsi_14: 58, macd_histogram: 0.1, atr_14: 1 },
};
const pattern: PatternFacts = {
  pattern: 'bull_flag',
  confidence: 0.8,
  level: 51,
  entry: 51,
  stop: 50,
  target: 53,
  reward_to_risk: 2,
};
interface Change {
  average_volume?: number;
  catalyst?: Partial<CatalystFacts> | null;
  technical?:
    | (Partial<TechnicalFacts['indicators']> & {
        last_price?: number | null;
        relative_volume?: number | null;
        gap_ratio?: number | null;
      })
    | null;
  pattern?: Partial<PatternFacts> | null;
}
const technicalOf = (change: NonNullable<Change['technical']>): TechnicalFacts => {
  const {
    last_price = technical.last_price,
    relative_volume = technical.relative_volume,
    gap_ratio = technical.gap_ratio,
    ...indicators
  } = change;
  return {
    last_price,
    relative_volume,
    gap_ratio,
    indicators: { ...technical.indicators, ...indicators },
  };
};
const candidate = (symbol: string, change: Change = {}): WithPattern => ({
  symbol,
  last_price: 50,
  average_volume: change.average_volume ?? 2_000_000,
  catalyst: change.catalyst === null ? null : { ...catalyst, ...change.catalyst },
  technical: change.technical === null ? null : technicalOf(change.technical ?? {}),
  pattern: change.pattern === null ? null : { ...pattern, ...change.pattern },
});

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

describe('the funnel’s rules', () => {
  it('are the design’s own where the file says nothing', () => {
    expect(DEFAULT_FUNNEL_RULES).toEqual({
      universe: { limit: 100 },
      catalyst: { limit: 35, min_strength: 0.7, min_sentiment: 0.5 },
      technical: {
        limit: 20,
        min_rsi: 40,
        max_rsi: 70,
        min_relative_volume: 1.5,
        requires_price_above_sma_20: true,
        min_deal_upside: 0.03,
      },
      pattern: { limit: 10, min_confidence: 0.7 },
      ranking: { limit: 5, min_reward_to_risk: 2 },
      weights: { catalyst: 0.35, technical: 0.2, pattern: 0.3, volume: 0.15 },
    });
  });

  it.each([
    ['a later stage is wider', { pattern: { limit: 30 } }, 'must not let more through'],
    ['the RSI range is empty', { technical: { min_rsi: 70 } }, 'min_rsi must be below max_rsi'],
    ['the weights do not add up', { weights: { volume: 0.5 } }, 'weights must add up to 1'],
    ['a name is unknown', { catalist: {} }, 'catalist'],
    ['the universe is too small', { universe: { limit: 40 } }, '50'],
    ['a threshold is out of range', { pattern: { min_confidence: 7 } }, '1'],
  ])('are refused where %s', (_title, rules, message) => {
    const result = funnelRules.safeParse(rules);
    expect(result.success).toBe(false);
    expect(JSON.stringify(result.error!.issues)).toContain(message);
  });
});
