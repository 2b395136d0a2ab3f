import type { RiskParameters } from '@catalyst/contracts';
import { Exact, toCents, type DecimalString } from '@catalyst/domain';
import type { AccountFacts, Commitment } from './risk-facts.ts';

type Result = Pick<
  AccountFacts,
  'equity_usd' | 'last_equity_usd' | 'transfers_usd' | 'result_since_usd'
>;

/**
 * The day's result in dollars, to the cent: equity less that of the last close, transfers out,
 * with what executions since the account was read made of it.
 */
export const dayResult = (account: Result): DecimalString =>
  toCents(
    new Exact(account.equity_usd)
      .minus(account.last_equity_usd)
      .minus(account.transfers_usd)
      .plus(account.result_since_usd),
  );

/** Dollars lost today as a share of the limit; 0 on a winning day. */
export const dailyLossUsedRatio = (result_usd: DecimalString, limit_usd: number): number =>
  Math.max(0, new Exact(0).minus(result_usd).div(limit_usd).toNumber());

/** What a share of the daily loss limit means: all of it stops, from the warning's share on it warns. */
export const crossedLossLimit = (
  used_ratio: number,
  warning_ratio: number,
): 'DAILY_LOSS_LIMIT' | 'DAILY_LOSS_WARNING' | null => {
  if (used_ratio >= 1) return 'DAILY_LOSS_LIMIT';
  return used_ratio >= warning_ratio ? 'DAILY_LOSS_WARNING' : null;
};

/**
 * What may still be lost today before the limit is reached: the limit and the day's result, less
 * what is lost if every stop is hit, of positions, pending entries and approvals. Whole cents,
 * since approvals reserve whole cents.
 */
export const dailyLossRoom = (
  account: Result,
  commitments: readonly Pick<Commitment, 'risk_usd'>[],
  { daily_loss_limit_usd }: Pick<RiskParameters, 'daily_loss_limit_usd'>,
): Exact =>
  commitments
    .reduce(
      (room, { risk_usd }) => room.minus(risk_usd),
      new Exact(daily_loss_limit_usd).plus(dayResult(account)),
    )
    .toDecimalPlaces(2, Exact.ROUND_FLOOR);
