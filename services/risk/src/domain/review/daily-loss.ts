import { Exact, type DecimalString } from '@catalyst/domain';

/** Dollars lost today as a share of the limit; 0 on a winning day. */
export const dailyLossUsedRatio = (
  equity: DecimalString,
  lastEquity: DecimalString,
  limitUsd: number,
): number => Math.max(0, new Exact(lastEquity).minus(equity).div(limitUsd).toNumber());

/** What a share of the daily loss limit means: all of it stops, from the warning's share on it warns. */
export const crossedLossLimit = (
  used_ratio: number,
  warning_ratio: number,
): 'DAILY_LOSS_LIMIT' | 'DAILY_LOSS_WARNING' | null => {
  if (used_ratio >= 1) return 'DAILY_LOSS_LIMIT';
  return used_ratio >= warning_ratio ? 'DAILY_LOSS_WARNING' : null;
};
