import type { OrderIntent, RiskParameters } from '@catalyst/contracts';
import { ceilToTick, dollarWords, Exact, floorToTick, later } from '@catalyst/domain';
import { reviewIntent } from './review/review-intent.ts';
import type { RiskFacts } from './review/risk-facts.ts';
import { SAMPLE_FACTS, SAMPLE_INTENT } from './review/sample-review.ts';

/** Where a stop lies in an ordinary trade, as a share of the price. */
const USUAL_STOP = 0.02;
/** More than this many times the risk is not promised by any pattern that is traded. */
const BEST_REWARD = 6;

/** A good trade of an ordinary stock at $50, its stop where these limits let it be. */
const sampleTrade = ({
  min_stop_distance_ratio: nearest,
  max_stop_distance_ratio: farthest,
}: RiskParameters): OrderIntent => {
  const distance = Math.max(nearest, Math.min(farthest, USUAL_STOP));
  const entry = new Exact(SAMPLE_INTENT.entry_price);
  const stop =
    distance === nearest
      ? floorToTick(entry.times(1 - distance))
      : ceilToTick(entry.times(1 - distance));
  return {
    ...SAMPLE_INTENT,
    qty: '10',
    limit_price: SAMPLE_INTENT.entry_price,
    stop_price: stop,
    target_price: ceilToTick(entry.plus(entry.minus(stop).times(BEST_REWARD))),
  };
};

/** A quiet morning: everything read a second ago, nothing held, a spread of two cents. */
const sampleFacts: RiskFacts = {
  ...SAMPLE_FACTS,
  now: later(SAMPLE_FACTS.now, 1000),
};

/**
 * Limits that leave no trade at all: a dry review of a good one on a flat account of $100,000 must
 * pass. One sentence that names what refuses it; none where it passes.
 */
export const findDeadLimits = (parameters: RiskParameters): string[] => {
  const intent = sampleTrade(parameters);
  const verdict = reviewIntent(intent, sampleFacts, parameters);
  if (verdict.verdict === 'approved') return [];
  return [
    `with these limits not even a sample trade passes (10 shares at ${intent.entry_price}, stop ${intent.stop_price}, target ${intent.target_price}, on an account of $100,000 that holds nothing): ${verdict.code}, ${verdict.message}`,
  ];
};

/**
 * What is no fault, but is good to know: limits of which one makes another idle. A sentence each,
 * for an account of so much.
 */
export const findIdleLimits = (
  { risk_per_trade_ratio, max_positions, daily_loss_limit_usd }: RiskParameters,
  equity_usd: string,
): string[] => {
  const together = new Exact(equity_usd).times(risk_per_trade_ratio).times(max_positions);
  return together.gt(daily_loss_limit_usd)
    ? [
        `max_positions ${max_positions} with risk_per_trade_ratio ${risk_per_trade_ratio} may risk ${dollarWords(together)} of an equity of ${dollarWords(equity_usd)}, more than the daily_loss_limit_usd of ${dollarWords(daily_loss_limit_usd)}: its room may run out before the places do`,
      ]
    : [];
};
