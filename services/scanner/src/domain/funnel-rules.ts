import { z } from 'zod';

const share = z.number().min(0).max(1);
const ceiling = z.int().min(1).max(200);

/**
 * Thresholds of the funnel as `config/scanner.yaml` holds them; a rule that contradicts another is
 * refused at load.
 */
export const funnelRules = z
  .strictObject({
    universe: z.strictObject({ limit: ceiling.min(50).default(100) }).prefault({}),
    catalyst: z
      .strictObject({
        limit: ceiling.default(35),
        min_strength: share.default(0.7),
        min_sentiment: z.number().min(-1).max(1).default(0.5),
      })
      .prefault({}),
    technical: z
      .strictObject({
        limit: ceiling.default(20),
        min_rsi: z.number().min(0).max(100).default(40),
        max_rsi: z.number().min(0).max(100).default(70),
        min_relative_volume: z.number().min(0).default(1.5),
        requires_price_above_sma_20: z.boolean().default(true),
        /** A cash takeover whose price is nearer to the announced one than this is refused. */
        min_deal_upside: share.default(0.03),
      })
      .prefault({}),
    pattern: z
      .strictObject({ limit: ceiling.default(10), min_confidence: share.default(0.7) })
      .prefault({}),
    ranking: z
      .strictObject({ limit: ceiling.default(5), min_reward_to_risk: z.number().min(0).default(2) })
      .prefault({}),
    weights: z
      .strictObject({
        catalyst: share.default(0.35),
        technical: share.default(0.2),
        pattern: share.default(0.3),
        volume: share.default(0.15),
      })
      .prefault({}),
  })
  .superRefine((rules, context) => {
    const limits = [
      rules.universe.limit,
      rules.catalyst.limit,
      rules.technical.limit,
      rules.pattern.limit,
      rules.ranking.limit,
    ];
    if (limits.some((limit, index) => index > 0 && limit > limits[index - 1]!)) {
      context.addIssue({
        code: 'custom',
        message: `a later stage must not let more through than the one before, limits were ${limits.join(', ')}`,
      });
    }
    if (rules.technical.min_rsi >= rules.technical.max_rsi) {
      context.addIssue({
        code: 'custom',
        path: ['technical', 'min_rsi'],
        message: `min_rsi must be below max_rsi ${rules.technical.max_rsi}, was ${rules.technical.min_rsi}`,
      });
    }
    const sum = Object.values(rules.weights).reduce((total, weight) => total + weight, 0);
    if (Math.abs(sum - 1) > 1e-9)
      context.addIssue({
        code: 'custom',
        path: ['weights'],
        message: `weights must add up to 1, were ${sum}`,
      });
  });
export type FunnelRules = z.infer<typeof funnelRules>;

/** The design's own numbers: ceilings 100, 35, 20, 10 and 5. */
export const DEFAULT_FUNNEL_RULES: FunnelRules = funnelRules.parse({});
