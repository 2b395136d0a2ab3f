import type { Timeframe } from '@catalyst/domain';

export const patternNames = [
  'bull_flag',
  'opening_range_breakout',
  'daily_breakout',
  'gap_and_hold',
  'ascending_triangle',
] as const;
export type PatternName = (typeof patternNames)[number];

/**
 * Where to act on a pattern. Dollars, not yet rounded to a tick; a long trade: stop < entry <
 * target.
 */
export interface TradeLevels {
  /** A finished minute has to close above this price, with volume. */
  level: number;
  entry: number;
  stop: number;
  /**
   * Which of the two protections is nearer: twice the average true range, or the pattern's own low.
   */
  stop_basis: 'atr' | 'structure';
  target: number;
  reward_to_risk: number;
}

/**
 * A recognized long set-up. Confidence is the weighted mean of its parts, each 0..1, and does not
 * depend on the price's scale.
 */
export interface Pattern extends TradeLevels {
  pattern: PatternName;
  timeframe: Timeframe;
  confidence: number;
  confidence_parts: Record<string, number>;
  /** The measured numbers behind the parts, as a person would check them on the chart. */
  evidence: Record<string, number>;
  /** Start of the first and of the last bar that the pattern was read from. */
  from_time_id: number;
  to_time_id: number;
}

/** A part of the confidence with its weight. */
export interface WeightedPart {
  weight: number;
  value: number;
}

/** 0 at `worst`, 1 at `best`, straight between them; either may be the larger. */
export const grade = (value: number, worst: number, best: number): number => {
  const share = (value - worst) / (best - worst);
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
};

/** The weighted mean of the parts, and the parts alone for the record. */
export const weighConfidence = (
  parts: Record<string, WeightedPart>,
): { confidence: number; confidence_parts: Record<string, number> } => {
  let sum = 0;
  let weights = 0;
  const values: Record<string, number> = {};
  for (const [name, part] of Object.entries(parts)) {
    sum += part.weight * part.value;
    weights += part.weight;
    values[name] = part.value;
  }
  return { confidence: weights > 0 ? sum / weights : 0, confidence_parts: values };
};
