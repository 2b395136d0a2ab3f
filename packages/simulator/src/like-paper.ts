import { ALPACA_RATE_LIMIT } from './http/limit-rate.ts';
import type { SimulatorOptions } from './simulator-options.ts';

/** What a new paper account of Alpaca's is given, in place of what is easiest to test with. */
export const LIKE_PAPER = {
  data_plan: 'basic',
  rate_limit: ALPACA_RATE_LIMIT,
  answer_delay: { least_ms: 20, most_ms: 60 },
  market: { bar_late_ms: 1_000, late_trades_ratio: 0.05, iex_quotes: 'own' },
} as const satisfies Partial<SimulatorOptions>;
