import { Exact } from '@catalyst/domain';
import type { AccountReading } from './metrics/max-drawdown.ts';

/**
 * The most of the daily loss limit that was used at any reading: max(0, last equity - equity) /
 * limit; null when either is unknown.
 */
export const riskUsedRatio = (
  readings: readonly AccountReading[],
  dailyLossLimit: string | null,
): number | null => {
  if (readings.length === 0 || dailyLossLimit === null || new Exact(dailyLossLimit).lte(0))
    return null;
  const worst = readings.reduce((most, { equity_usd, last_equity_usd }) => {
    const loss = new Exact(last_equity_usd).minus(equity_usd);
    return loss.gt(most) ? loss : most;
  }, new Exact(0));
  return worst.div(dailyLossLimit).toDecimalPlaces(4).toNumber();
};
