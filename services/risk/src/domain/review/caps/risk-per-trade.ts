import { Exact } from '@catalyst/domain';
import { sizeStake } from '../../sizing/stake.ts';
import { sharesFor, type Cap } from '../check.ts';
import { expectedPrice, expectedRisk } from '../prices.ts';

export const riskPerTrade: Cap = {
  name: 'risk_per_trade',
  code: 'SIZE_BELOW_ONE_SHARE',
  refuses:
    "a size that loses more at its stop than the stake: `risk_per_trade_ratio` of the equity, from 30 closed trades on a quarter of Kelly's fraction at most",
  allow: (intent, { account, closed_trades, true_range, quote }, { risk_per_trade_ratio }) => {
    const { ratio, method } = sizeStake({
      trades: closed_trades,
      pattern: intent.pattern ?? null,
      catalyst_type: intent.catalyst_type ?? null,
      base: risk_per_trade_ratio,
      daily_range:
        true_range === null ? null : true_range / expectedPrice(intent, quote).toNumber(),
    });
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
