import { Exact, type DecimalString } from '@catalyst/domain';

/** Dollars lost today as a share of the limit; 0 on a winning day. */
export const dailyLossUsedRatio = (
  equity: DecimalString,
  lastEquity: DecimalString,
  limitUsd: number,
): number => Math.max(0, new Exact(lastEquity).minus(equity).div(limitUsd).toNumber());
