import { Exact, toCents } from '@catalyst/domain';
import { notStated, stated, type Metric } from './metric.ts';

/** A reading of the account. */
export interface AccountReading {
  trade_date: string;
  equity_usd: string;
  /** Equity at the previous close. */
  last_equity_usd: string;
}

/**
 * Largest fall in dollars from a peak of the profit curve to a later trough, 0 or more, open
 * positions included. The curve begins at 0 and adds up each day's equity - last equity; what moves
 * the account overnight (transfers) is not in it.
 * `readings` are in order of time. N/a without a reading.
 */
export const maxDrawdown = (readings: readonly AccountReading[]): Metric => {
  if (readings.length === 0) return notStated('the account was not read in the period');
  let peak = new Exact(0);
  let worst = new Exact(0);
  let before = new Exact(0);
  let current = new Exact(0);
  let day = readings[0]!.trade_date;
  for (const { trade_date, equity_usd, last_equity_usd } of readings) {
    if (trade_date !== day) {
      before = current;
      day = trade_date;
    }
    current = before.plus(equity_usd).minus(last_equity_usd);
    if (current.gt(peak)) peak = current;
    if (peak.minus(current).gt(worst)) worst = peak.minus(current);
  }
  return stated(Number(toCents(worst)));
};
