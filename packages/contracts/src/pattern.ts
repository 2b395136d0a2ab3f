import { instant, symbol, timeframe } from '@catalyst/domain';
import { z } from 'zod';
import { route } from './route.ts';
import { scanPhase, sessionOver } from './technical.ts';

export const detectedPattern = z.object({
  symbol,
  pattern: z.string(),
  timeframe,
  /** 0 to 1. */
  confidence: z.number().min(0).max(1),
  /** The price that a finished bar must close beyond before an entry. */
  level: z.number(),
  entry: z.number(),
  stop: z.number(),
  target: z.number(),
  reward_to_risk: z.number(),
  evidence: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  detected_at: instant,
});
export type DetectedPattern = z.infer<typeof detectedPattern>;

/** Whether the last finished minute confirmed an entry. */
export const trigger = z.object({
  symbol,
  confirmed: z.boolean(),
  /** Why, or why not, with the numbers. */
  reason: z.string(),
  /** True where the minute that just ended has no bar: nothing was traded, or it is late. */
  bar_missing: z.boolean(),
  pattern: detectedPattern.nullable(),
  close: z.number().nullable(),
  /** The minute's volume against the mean of the twenty minutes before it. */
  volume_ratio: z.number().nullable(),
});
export type Trigger = z.infer<typeof trigger>;

const symbols = z.array(symbol).min(1).max(500);

export const patternApi = {
  detectPatterns: route('POST', '/api/v1/patterns/detect', {
    summary:
      'Chart patterns of each symbol as of the last finished bars, best first within a symbol; stored and returned.',
    body: sessionOver.extend({ symbols, phase: scanPhase }),
    response: z.object({ patterns: z.array(detectedPattern) }),
    repeatable: true,
  }),
  checkTriggers: route('POST', '/api/v1/triggers/check', {
    summary:
      "Whether the last finished 1-minute bar closed beyond a pattern's level with volume, symbol by symbol.",
    body: z.strictObject({ symbols }),
    response: z.object({ triggers: z.array(trigger) }),
    repeatable: true,
  }),
  showLevels: route('GET', '/api/v1/levels/:symbol', {
    summary: 'Support and resistance of a symbol with the number of touches, strongest first.',
    params: z.object({ symbol }),
    response: z.object({
      symbol,
      support: z.array(z.object({ price: z.number(), touches: z.int() })),
      resistance: z.array(z.object({ price: z.number(), touches: z.int() })),
    }),
  }),
};
