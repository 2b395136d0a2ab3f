import type { CatalystType } from '@catalyst/domain';

export const funnelStages = ['universe', 'catalyst', 'technical', 'pattern', 'ranking'] as const;
export type FunnelStage = (typeof funnelStages)[number];

/**
 * A stock of the universe, as the technical service selected it; price in dollars, volume in
 * consolidated shares a day.
 */
export interface UniverseFacts {
  symbol: string;
  last_price: number;
  average_volume: number;
}

/** The strongest story of the last 24 hours. */
export interface CatalystFacts {
  catalyst_type: CatalystType;
  strength: number;
  sentiment: number;
  article_id: string;
  headline: string;
}

/**
 * Null where the bars do not suffice; before the open from daily bars to yesterday, after it from
 * 5-minute bars.
 */
export interface TechnicalFacts {
  last_price: number | null;
  /** Volume against what this time of day expects. */
  relative_volume: number | null;
  /** Against the previous close; 0.05 is +5 %. */
  gap_ratio: number | null;
  indicators: {
    sma_20: number | null;
    sma_50: number | null;
    rsi_14: number | null;
    macd_histogram: number | null;
    atr_14: number | null;
  };
}

/** The surest set-up that the pattern service recognized. */
export interface PatternFacts {
  pattern: string;
  confidence: number;
  level: number;
  entry: number;
  stop: number;
  target: number;
  reward_to_risk: number;
}

export type WithCatalyst = UniverseFacts & { catalyst: CatalystFacts | null };
export type WithTechnical = WithCatalyst & { technical: TechnicalFacts | null };
export type WithPattern = WithTechnical & { pattern: PatternFacts | null };

/** Each 0..1; the composite is their weighted mean. */
export interface CandidateScores {
  catalyst: number;
  technical: number;
  pattern: number;
  volume: number;
  composite: number;
}

export type RankedCandidate = WithPattern & { rank: number; scores: CandidateScores };

export const stopCodes = [
  'not_in_universe',
  'no_catalyst',
  'catalyst_too_weak',
  'sentiment_too_low',
  'below_sma_20',
  'rsi_out_of_range',
  'relative_volume_too_low',
  'deal_price_reached',
  'data_missing',
  'no_pattern',
  'confidence_too_low',
  'reward_to_risk_too_low',
  'over_limit',
] as const;
export type StopCode = (typeof stopCodes)[number];

/** Why a candidate went no further, with every number that was against it. */
export interface Stopped<T> {
  candidate: T;
  stage: FunnelStage;
  code: StopCode;
  reason: string;
}

export interface StageResult<T, P = T> {
  stage: FunnelStage;
  passed: P[];
  stopped: Stopped<T>[];
}
