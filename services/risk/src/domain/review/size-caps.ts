import type { OrderIntent, RiskParameters } from '@catalyst/contracts';
import { Exact } from '@catalyst/domain';
import { riskRatio } from '../kelly.ts';
import type { AccountFacts, Commitment, RiskFacts } from './risk-facts.ts';

/** The most that a share of the entry can cost: a limit order may fill at its limit. */
export const worstPrice = ({
  direction,
  entry_price,
  limit_price,
}: Pick<OrderIntent, 'direction' | 'entry_price' | 'limit_price'>): Exact => {
  const prices = [entry_price, limit_price ?? entry_price];
  return direction === 'long' ? Exact.max(...prices) : Exact.min(...prices);
};

/**
 * What may still be lost today before the limit is reached: the limit and the day's result, less
 * what is lost if every stop is hit, of positions, pending entries and approvals.
 */
export const dailyLossRoom = (
  account: AccountFacts,
  commitments: readonly Commitment[],
  { daily_loss_limit_usd }: Pick<RiskParameters, 'daily_loss_limit_usd'>,
): Exact =>
  commitments
    .reduce(
      (room, { risk_usd }) => room.minus(risk_usd),
      new Exact(account.equity_usd)
        .minus(account.last_equity_usd)
        .plus(account.result_since_usd)
        .plus(daily_loss_limit_usd),
    )
    // whole cents, since approvals reserve whole cents
    .toDecimalPlaces(2, Exact.ROUND_FLOOR);

const notionalOf = (commitments: readonly Commitment[]): Exact =>
  commitments.reduce((sum, { notional_usd }) => sum.plus(notional_usd), new Exact(0));

/** Whole shares that dollars pay for. */
const sharesFor = (usd: Exact, perShare: Exact): Exact => Exact.max(0, usd.div(perShare)).floor();

/** Shares that each limit allows, whole shares only; the smallest of them counts. */
export const sizeCaps = (
  intent: OrderIntent,
  { closed_r_multiples, commitments, sector }: RiskFacts,
  account: AccountFacts,
  limits: RiskParameters,
): Record<string, Exact> => {
  const entry = new Exact(intent.entry_price);
  const perShareRisk = entry.minus(intent.stop_price).abs();
  const equity = new Exact(account.equity_usd);
  const { ratio, method } = riskRatio(closed_r_multiples, limits.risk_per_trade_ratio);
  const worstRisk = worstPrice(intent).minus(intent.stop_price).abs();
  // those whose sector nobody knows count as one sector: not knowing is no permission
  const heldInSector = notionalOf(commitments.filter((held) => held.sector === sector));
  // buying power at the broker does not know of approvals that have not become orders yet
  const promised = notionalOf(commitments.filter(({ kind }) => kind === 'approval'));
  return {
    [`risk_per_trade (${method})`]: sharesFor(equity.times(ratio), perShareRisk),
    daily_loss_room: sharesFor(dailyLossRoom(account, commitments, limits), worstRisk),
    max_position_ratio: sharesFor(equity.times(limits.max_position_ratio), entry),
    max_sector_ratio: sharesFor(equity.times(limits.max_sector_ratio).minus(heldInSector), entry),
    buying_power: sharesFor(new Exact(account.buying_power_usd).minus(promised), entry),
  };
};
