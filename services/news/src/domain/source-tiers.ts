import { z } from 'zod';

export const tier = z.literal([1, 2, 3]);
export type Tier = z.infer<typeof tier>;
const weight = z.number().min(0).max(1);

/** What `config/news_sources.yaml` holds: each source's tier and each tier's weight, 0 to 1. */
export const sourceTiers = z
  .strictObject({
    tier_weights: z.strictObject({ 1: weight, 2: weight, 3: weight }),
    default_tier: tier,
    sources: z.record(z.string().regex(/^[^A-Z]+$/, 'expected a name in lower case'), tier),
  })
  .refine(({ tier_weights: weights }) => weights[1] >= weights[2] && weights[2] >= weights[3], {
    path: ['tier_weights'],
    message: 'a better tier must not weigh less than the one below it',
  });
export type SourceTiers = z.infer<typeof sourceTiers>;

/** A source's tier and how much its word weighs, 0 to 1. */
export const weighSource = (tiers: SourceTiers, source: string): { tier: Tier; weight: number } => {
  const name = source.toLowerCase();
  const found = Object.hasOwn(tiers.sources, name) ? tiers.sources[name]! : tiers.default_tier;
  return { tier: found, weight: tiers.tier_weights[found] };
};
