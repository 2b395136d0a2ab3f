import type { WithPattern } from '../../services/scanner/src/domain/candidate.ts';
import { funnelRules } from '../../services/scanner/src/domain/funnel-rules.ts';
import {
  rankCandidates,
  screenCatalysts,
  screenPatterns,
  screenTechnicals,
} from '../../services/scanner/src/domain/funnel.ts';
import type { Outcomes, Tree } from './parameter-tree.ts';

const candidates = Array.from({ length: 40 }, (_, index): WithPattern => ({
  symbol: `S${String.fromCharCode(65 + Math.floor(index / 26))}${String.fromCharCode(65 + (index % 26))}`,
  last_price: 50,
  average_volume: 2_000_000,
  catalyst: {
    catalyst_type: 'earnings',
    strength: 0.75 + index / 200,
    sentiment: 0.6 + index / 400,
    article_id: `a${index}`,
    headline: 'beats',
  },
  technical: {
    last_price: 50,
    relative_volume: 2 + ((index * 7) % 40) / 20,
    gap_ratio: 0.02,
    indicators: {
      sma_20: 48,
      sma_50: 46,
      rsi_14: 45 + ((index * 11) % 40) / 2,
      macd_histogram: 0.1,
      atr_14: 1,
    },
  },
  pattern: {
    pattern: 'bull_flag',
    confidence: 0.75 + ((index * 13) % 40) / 200,
    level: 51,
    entry: 51,
    stop: 50,
    target: 53.5,
    reward_to_risk: 2.5,
  },
}));
const odd = (number: number, change: (candidate: WithPattern) => WithPattern): WithPattern[] =>
  candidates.map((candidate, index) => (index === number ? change(candidate) : candidate));
/** Whom the funnel chooses and how surely, and why each other went no further. */
const funnel =
  (given: readonly WithPattern[] = candidates) =>
  (config: Tree) => {
    const rules = { universe: { limit: 100 }, ...(config as object) };
    const applied = { ...funnelRules.parse({}), ...rules } as ReturnType<typeof funnelRules.parse>;
    const strong = screenCatalysts(given, applied);
    const trending = screenTechnicals(strong.passed as WithPattern[], applied);
    const setUp = screenPatterns(trending.passed as WithPattern[], applied);
    const ranked = rankCandidates(setUp.passed, applied);
    return {
      chosen: ranked.passed.map(({ symbol, scores }) => [symbol, scores.composite]),
      stopped: [strong, trending, setUp, ranked].flatMap(({ stopped }) =>
        stopped.map(({ candidate, code }) => [candidate.symbol, code]),
      ),
    };
  };
const few = candidates.slice(0, 4);
const belowAverage = odd(3, (candidate) => ({
  ...candidate,
  technical: { ...candidate.technical!, last_price: 47 },
}));
const takeover = odd(3, (candidate) => ({
  ...candidate,
  technical: { ...candidate.technical!, last_price: 49 },
  catalyst: {
    ...candidate.catalyst!,
    catalyst_type: 'merger_acquisition',
    headline: 'SAD to be acquired for $50.00 per share in cash',
  },
})).slice(0, 4);
/** What each of config/scanner.yaml decides. */
export const scanner: Outcomes = {
  'catalyst/limit': { to: 30, decides: funnel() },
  'catalyst/min_strength': { to: 0.8, decides: funnel() },
  'catalyst/min_sentiment': { to: 0.65, decides: funnel() },
  'technical/limit': { to: 15, decides: funnel() },
  'technical/min_rsi': { to: 55, decides: funnel() },
  'technical/max_rsi': { to: 50, decides: funnel() },
  'technical/min_relative_volume': { to: 3, decides: funnel() },
  'technical/requires_price_above_sma_20': { to: false, decides: funnel(belowAverage.slice(0, 4)) },
  'technical/min_deal_upside': { to: 0.01, decides: funnel(takeover) },
  'pattern/limit': { to: 6, decides: funnel() },
  'pattern/min_confidence': { to: 0.9, decides: funnel() },
  'ranking/limit': { to: 3, decides: funnel() },
  'ranking/min_reward_to_risk': { to: 2.6, decides: funnel() },
  'weights/catalyst': { to: 0.5, decides: funnel(few) },
  'weights/technical': { to: 0.5, decides: funnel(few) },
  'weights/pattern': { to: 0.5, decides: funnel(few) },
  'weights/volume': { to: 0.5, decides: funnel(few) },
};
