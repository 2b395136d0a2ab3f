import { describe, expect, it } from '@jest/globals';
import { DEFAULT_FUNNEL_RULES, funnelRules } from './funnel-rules.ts';

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
