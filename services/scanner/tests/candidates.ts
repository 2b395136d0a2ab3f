import type {
  CatalystFacts,
  PatternFacts,
  TechnicalFacts,
  WithPattern,
} from '../src/domain/candidate.ts';

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
/** What differs from a candidate that passes each stage. */
export interface Change {
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
/** A candidate that passes each stage but for what is changed. */
export const candidate = (symbol: string, change: Change = {}): WithPattern => ({
  symbol,
  last_price: 50,
  average_volume: change.average_volume ?? 2_000_000,
  catalyst: change.catalyst === null ? null : { ...catalyst, ...change.catalyst },
  technical: change.technical === null ? null : technicalOf(change.technical ?? {}),
  pattern: change.pattern === null ? null : { ...pattern, ...change.pattern },
});
