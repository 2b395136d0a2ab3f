import { riskParameters, type OrderIntent } from '@catalyst/contracts';
import { crossedLossLimit } from '../../services/risk/src/domain/review/daily-loss.ts';
import { reviewIntent } from '../../services/risk/src/domain/review/review-intent.ts';
import type { Commitment, RiskFacts } from '../../services/risk/src/domain/review/risk-facts.ts';
import {
  SAMPLE_FACTS,
  SAMPLE_INTENT,
  sampleCommitment,
} from '../../services/risk/src/domain/review/sample-review.ts';
import type { Outcomes, Tree } from './parameter-tree.ts';

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
/** What each of config/risk_parameters.yaml decides. */
export const risk: Outcomes = {
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
