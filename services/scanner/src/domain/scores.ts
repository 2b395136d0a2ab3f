import type { CandidateScores, CatalystFacts, TechnicalFacts, WithPattern } from './candidate.ts';
import type { FunnelRules } from './funnel-rules.ts';

/** 0 at `worst`, 1 at `best`, straight between them. */
const grade = (value: number, worst: number, best: number): number => {
  const share = (value - worst) / (best - worst);
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
};

/** Strength of the story (60 %) and how good it is (40 %). */
export const catalystScore = (catalyst: CatalystFacts | null): number =>
  catalyst === null
    ? 0
    : 0.6 * grade(catalyst.strength, 0, 1) + 0.4 * grade(catalyst.sentiment, 0, 1);

/**
 * Trend and momentum: above SMA 20 by up to two average true ranges, SMA 20 above SMA 50, RSI near
 * 58 and not at the edges of 40 and 70, MACD above its signal. What is not known is left out of the
 * mean.
 */
export const technicalScore = (technical: TechnicalFacts | null): number => {
  if (technical === null) return 0;
  const price = technical.last_price;
  const { sma_20, sma_50, rsi_14, atr_14, macd_histogram } = technical.indicators;
  const parts: [weight: number, value: number][] = [];
  if (price !== null && sma_20 !== null && atr_14 !== null && atr_14 > 0)
    parts.push([0.35, grade((price - sma_20) / atr_14, 0, 2)]);
  if (sma_20 !== null && sma_50 !== null) parts.push([0.2, sma_20 > sma_50 ? 1 : 0]);
  if (rsi_14 !== null) parts.push([0.3, 1 - grade(Math.abs(rsi_14 - 58), 0, 18)]);
  if (macd_histogram !== null) parts.push([0.15, macd_histogram > 0 ? 1 : 0]);
  const weights = parts.reduce((sum, [weight]) => sum + weight, 0);
  return weights === 0
    ? 0
    : parts.reduce((sum, [weight, value]) => sum + weight * value, 0) / weights;
};

/** Usual volume is 0, four times the usual is 1. */
export const volumeScore = (technical: TechnicalFacts | null): number =>
  grade(technical?.relative_volume ?? 0, 1, 4);

/** The scores of a candidate and their weighted mean. */
export const scoreCandidate = (
  candidate: WithPattern,
  weights: FunnelRules['weights'],
): CandidateScores => {
  const catalyst = catalystScore(candidate.catalyst);
  const technical = technicalScore(candidate.technical);
  const pattern = grade(candidate.pattern?.confidence ?? 0, 0, 1);
  const volume = volumeScore(candidate.technical);
  const composite =
    weights.catalyst * catalyst +
    weights.technical * technical +
    weights.pattern * pattern +
    weights.volume * volume;
  return { catalyst, technical, pattern, volume, composite };
};
