import type { DetectedPattern, patternApi } from '@catalyst/contracts';
import type { Handlers } from '@catalyst/service-kit';
import { nobodyAsks } from './nobody-asks.ts';
import { at, type Script } from './script.ts';

/** The one pattern that every candidate shows. */
export const patternOf = (symbol: string, now: string): DetectedPattern => ({
  symbol,
  pattern: 'bull_flag',
  timeframe: '5min',
  confidence: 0.82,
  level: 50,
  entry: 50,
  stop: 49,
  target: 53,
  reward_to_risk: 3,
  evidence: {},
  detected_at: now,
});

/** Confirms a trigger at the times of the script; GHOST has no pattern. */
export const createFixturePattern = (
  script: Script,
  clock: () => string,
): Handlers<typeof patternApi> => ({
  detectPatterns: () => ({ patterns: [] }),
  checkTriggers: ({ body }) => {
    const now = clock();
    return {
      triggers: body.symbols.map((symbol) => {
        const confirmed = (script.triggers[symbol] ?? []).some((time) => at(time) === now);
        const pattern = symbol === 'GHOST' ? null : patternOf(symbol, now);
        return {
          symbol,
          confirmed,
          reason: confirmed
            ? 'closed at 50.05 above 50 on 1.80 x the average volume'
            : `close was 49.9 at ${now}, not above 50`,
          bar_missing: false,
          pattern,
          close: pattern && 50.05,
          volume_ratio: 1.8,
        };
      }),
    };
  },
  showLevels: nobodyAsks,
});
