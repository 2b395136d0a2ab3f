import type { OrderIntent, RiskParameters } from '@catalyst/contracts';
import { Exact } from '@catalyst/domain';
import { sizeStake, type Stake } from '../../sizing/stake.ts';
import { sharesFor, type Cap } from '../check.ts';
import { expectedPrice, expectedRisk } from '../prices.ts';
import type { RiskFacts } from '../risk-facts.ts';

/** The stake of a trade, by what the desk knows of its kind and its stock. */
export const stakeOf = (
  intent: OrderIntent,
  { closed_trades, true_range, quote }: RiskFacts,
  { risk_per_trade_ratio }: RiskParameters,
): Stake =>
  sizeStake({
    trades: closed_trades,
    pattern: intent.pattern ?? null,
    catalyst_type: intent.catalyst_type ?? null,
    base: risk_per_trade_ratio,
    daily_range: true_range === null ? null : true_range / expectedPrice(intent, quote).toNumber(),
  });

export const riskPerTrade: Cap = {
  name: 'risk_per_trade',
  code: 'SIZE_BELOW_ONE_SHARE',
  refuses:
    "a size that loses more at its stop than the stake: `risk_per_trade_ratio` of the equity, from 30 closed trades on a quarter of Kelly's fraction at most",
  allow: (intent, facts, limits) => {
    const { account, quote } = facts;
    const { ratio, method } = stakeOf(intent, facts, limits);
    const stake = new Exact(account.equity_usd).times(ratio);
    const perShare = expectedRisk(intent, quote);
    return {
      read: {
        equity_usd: account.equity_usd,
        method,
        ratio: Number(ratio.toFixed(8)),
        risk_per_share_usd: perShare.toFixed(),
      },
      limit: stake.toFixed(2),
      shares: sharesFor(stake, perShare),
    };
  },
};
