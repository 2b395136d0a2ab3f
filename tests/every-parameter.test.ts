import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { riskParameters, type OrderIntent } from '@catalyst/contracts';
import { newYorkTime, nyseCalendarDay, tradingHours } from '@catalyst/domain';
import { parse } from 'yaml';
import { sourceTiers, weighSource } from '../services/news/src/domain/source-tiers.ts';
import { crossedLossLimit } from '../services/risk/src/domain/review/daily-loss.ts';
import { reviewIntent } from '../services/risk/src/domain/review/review-intent.ts';
import type { Commitment, RiskFacts } from '../services/risk/src/domain/review/risk-facts.ts';
import {
  SAMPLE_FACTS,
  SAMPLE_INTENT,
  sampleCommitment,
} from '../services/risk/src/domain/review/sample-review.ts';
import type { WithPattern } from '../services/scanner/src/domain/candidate.ts';
import { funnelRules } from '../services/scanner/src/domain/funnel-rules.ts';
import {
  rankCandidates,
  screenCatalysts,
  screenPatterns,
  screenTechnicals,
} from '../services/scanner/src/domain/funnel.ts';
import { dueTimes } from '../services/workflow/src/domain/schedule.ts';
import {
  sessionsConfig,
  sessionWindows,
  windowAt,
} from '../services/workflow/src/domain/session-windows.ts';
import { planTrade } from '../services/workflow/src/flows/jobs/plan-trade.ts';

type Tree = { [name: string]: Tree | unknown };
const committed = (name: string): Tree =>
  parse(readFileSync(join(import.meta.dirname, '../config', `${name}.yaml`), 'utf8')) as Tree;
/** Every parameter of a file, by its path. */
const leaves = (tree: Tree, above = ''): string[] =>
  Object.entries(tree).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? leaves(value as Tree, `${above}${name}/`)
      : [`${above}${name}`],
  );
const withValues = (tree: Tree, values: Record<string, unknown>): Tree => {
  const copy = structuredClone(tree);
  for (const [path, value] of Object.entries(values)) {
    const names = path.split('/');
    const last = names.pop()!;
    const parent = names.reduce((at, name) => at[name] as Tree, copy);
    parent[last] = value;
  }
  return copy;
};

/** A parameter's other value, and what it decides; `given` sets what it depends on. */
interface Outcome {
  to: unknown;
  given?: Record<string, unknown>;
  decides: (config: Tree) => unknown;
}
type Outcomes = Record<string, Outcome>;

// ---- risk_parameters.yaml
const held = (over: Partial<Commitment> = {}): Commitment => sampleCommitment('HELD', over);
const review =
  (facts: Partial<RiskFacts> = {}, asked: Partial<OrderIntent> = {}) =>
  (config: Tree) => {
    const { checks: _, ...verdict } = reviewIntent(
      { ...SAMPLE_INTENT, ...asked },
      { ...SAMPLE_FACTS, ...facts },
      riskParameters.parse(config),
    );
    return verdict;
  };
const aMinuteOld = { ...SAMPLE_FACTS.account!, read_at: '2026-03-10T14:59:00.000Z' };
const risk: Outcomes = {
  daily_loss_limit_usd: { to: 100, decides: review() },
  warning_ratio: {
    to: 0.5,
    decides: (config) => crossedLossLimit(0.6, riskParameters.parse(config).warning_ratio),
  },
  max_position_ratio: { to: 0.1, decides: review() },
  max_positions: { to: 1, decides: review({ commitments: [held()] }) },
  max_correlation: { to: 0.05, decides: review({ commitments: [held()] }) },
  max_sector_ratio: {
    to: 0.2,
    decides: review({ commitments: [held({ sector: 'Health Care' })] }),
  },
  risk_per_trade_ratio: { to: 0.001, decides: review() },
  min_reward_to_risk: { to: 3, decides: review() },
  min_stop_distance_ratio: { to: 0.03, decides: review() },
  max_stop_distance_ratio: { to: 0.01, decides: review() },
  max_spread_ratio: { to: 0.0003, decides: review() },
  max_quote_age_seconds: {
    to: 10,
    decides: review({
      quote: { ...SAMPLE_FACTS.quote!, quoted_at: '2026-03-10T14:59:30.000Z' },
      last_bar: null,
    }),
  },
  duplicate_window_seconds: {
    to: 10,
    decides: review({ last_approved_at: '2026-03-10T14:59:40.000Z' }),
  },
  approval_lifetime_seconds: { to: 30, decides: review() },
  max_consecutive_losses_per_symbol: { to: 1, decides: review({ consecutive_losses: 1 }) },
  symbol_cool_down_seconds: {
    to: 60,
    decides: review({ last_exit_at: '2026-03-10T14:58:00.000Z' }),
  },
  max_account_age_seconds: { to: 30, decides: review({ account: aMinuteOld }) },
  max_reconciliation_age_seconds: {
    to: 300,
    decides: review({
      reconciliation: { reconciled: true, checked_at: '2026-03-10T14:50:00.000Z' },
    }),
  },
  max_price_gap_ratio: { to: 0.001, decides: review() },
  max_stop_true_ranges: { to: 0.5, decides: review() },
  max_volume_ratio: { to: 0.00001, decides: review() },
  max_gross_ratio: { to: 0.15, decides: review() },
  allow_short: {
    to: true,
    decides: review({}, { direction: 'short', stop_price: '51', target_price: '47.5' }),
  },
};

// ---- scanner.yaml
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
const scanner: Outcomes = {
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

// ---- sessions.yaml
const DATE = '2026-03-24';
const hours = tradingHours(nyseCalendarDay(DATE)!);
/** When the market is scanned. */
const scans = (config: Tree) =>
  dueTimes(hours, sessionsConfig.parse(config))
    .filter(({ job }) => job === 'rescan')
    .map(({ due_at }) => due_at);
/** What is planned at a time of the day, while `positions` are held. */
const entryAt = (clock: string, positions: number) => (config: Tree) => {
  const due_at = newYorkTime(DATE, clock);
  const window = windowAt(sessionWindows(sessionsConfig.parse(config), hours), due_at);
  if (!window || window.max_positions === 0) return 'nothing is entered';
  const deps = {
    database: {
      query: async (sql: string) =>
        sql.includes('v_account_latest')
          ? [{ equity_usd: '100000' }]
          : Array.from({ length: positions }, (_, index) => ({ symbol: `H${index}` })),
    },
    risk: {
      previewOrder: async () => ({ verdict: 'approved', qty: '400' }),
      showParameters: async () => ({ parameters: committed('risk_parameters') }),
    },
    scale_out_at_r: [],
  };
  const trigger = { close: 50, pattern: { stop: 49, target: 53 } };
  const found = { candidate: { symbol: 'ACME' }, trigger, quote: null, trading_state: 'active' };
  type Given = Parameters<typeof planTrade>;
  return planTrade(
    deps as unknown as Given[0],
    { due_at, day: { cycle: { cycle_id: 'c' } } } as unknown as Given[1],
    window,
    found as unknown as Given[3],
  );
};
const sessions: Outcomes = {
  'rescan_seconds/aggressive': {
    to: 120,
    given: { 'windows/pre_market/mode': 'aggressive' },
    decides: scans,
  },
  'rescan_seconds/normal': { to: 600, decides: scans },
  'rescan_seconds/conservative': { to: 1200, decides: scans },
  'windows/pre_market/from': { to: 'open-60', decides: scans },
  'windows/pre_market/mode': { to: 'aggressive', decides: scans },
  'windows/opening_range/from': { to: 'open+7', decides: scans },
  'windows/opening_range/mode': { to: 'aggressive', decides: scans },
  'windows/morning/from': { to: 'open+30', decides: entryAt('09:50', 0) },
  'windows/morning/mode': { to: 'aggressive', decides: scans },
  'windows/morning/max_positions': { to: 3, decides: entryAt('10:00', 3) },
  'windows/morning/risk_share': { to: 0.5, decides: entryAt('10:00', 0) },
  'windows/morning/entry_order': { to: 'market', decides: entryAt('10:00', 0) },
  'windows/midday/from': { to: 'open+150', decides: scans },
  'windows/midday/mode': { to: 'normal', decides: scans },
  'windows/midday/max_positions': { to: 3, decides: entryAt('12:00', 3) },
  'windows/midday/risk_share': { to: 0.5, decides: entryAt('12:00', 0) },
  'windows/midday/entry_order': { to: 'market', decides: entryAt('12:00', 0) },
  'windows/afternoon/from': { to: 'close-120', decides: scans },
  'windows/afternoon/mode': { to: 'conservative', decides: scans },
  'windows/afternoon/max_positions': { to: 3, decides: entryAt('14:00', 3) },
  'windows/afternoon/risk_share': { to: 0.5, decides: entryAt('14:00', 0) },
  'windows/afternoon/entry_order': { to: 'market', decides: entryAt('14:00', 0) },
  'windows/close/from': { to: 'close-90', decides: entryAt('14:45', 0) },
};

// ---- news_sources.yaml
const weigh = (source: string) => (config: Tree) => weighSource(sourceTiers.parse(config), source);
const tiers = committed('news_sources');
const news: Outcomes = {
  'tier_weights/1': { to: 0.9, decides: weigh('Reuters') },
  'tier_weights/2': { to: 0.6, decides: weigh('Somebody') },
  'tier_weights/3': { to: 0.3, decides: weigh('Zacks') },
  default_tier: { to: 3, decides: weigh('Somebody') },
  ...Object.fromEntries(
    Object.entries(tiers.sources as Record<string, number>).map(
      ([source, tier]): [string, Outcome] => [
        `sources/${source}`,
        { to: tier === 1 ? 3 : 1, decides: weigh(source.toUpperCase()) },
      ],
    ),
  ),
};

describe.each([
  ['risk_parameters', risk],
  ['scanner', scanner],
  ['sessions', sessions],
  ['news_sources', news],
])('config/%s.yaml', (name, outcomes) => {
  const config = committed(name);
  it('has no parameter without an outcome, and no outcome without its parameter', () => {
    expect(leaves(config).sort()).toEqual(Object.keys(outcomes).sort());
  });
  it.each(Object.keys(outcomes))('decides something by %s', async (path) => {
    const { to, given = {}, decides } = outcomes[path]!;
    const before = withValues(config, given);
    expect(await decides(withValues(before, { [path]: to }))).not.toEqual(await decides(before));
  });
});
