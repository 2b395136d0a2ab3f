import {
  ceilToTick,
  compare,
  Exact,
  floorToTick,
  toCents,
  toDecimalString,
  type DecimalString,
  type Direction,
} from '@catalyst/domain';
import type { AllowedLimits } from './narrow-limits.ts';

/** The prices of an entry on their ticks. */
interface PlannedPrices {
  limit_price: DecimalString;
  stop_price: DecimalString;
  target_price: DecimalString;
}

/** An entry as it would be sent; what it can cost is counted at its limit, the worst price. */
export interface EntryPlan extends PlannedPrices {
  qty: DecimalString;
  /** Dollars lost if the stop fills at its price. */
  risk_usd: DecimalString;
  notional_usd: DecimalString;
}

export interface PlannedSignal {
  direction: Direction;
  entry_price: DecimalString;
  stop_price: DecimalString;
  target_price: DecimalString;
}

/** Of the account, as far as it bounds a size. */
export interface Means {
  equity_usd: DecimalString;
  buying_power_usd: DecimalString;
  /** Dollars in positions and entries that the client has already. */
  in_use_usd: DecimalString;
}

/** A stop nearer than this part of the price counts as this far: it would fill beyond its price. */
const LEAST_DISTANCE = '0.002';

/**
 * Limit, stop and target on their ticks: a buy never pays more and a sell never takes less than was
 * meant. Null where they do not lie in the order of the direction, or the stop is too far.
 */
export const planPrices = (
  { direction, entry_price, stop_price, target_price }: PlannedSignal,
  { max_drift_ratio, max_stop_ratio, max_target_ratio }: AllowedLimits,
): PlannedPrices | null => {
  const away = direction === 'long' ? 1 : -1;
  const beyondEntry = (ratio: number): Exact => new Exact(entry_price).times(1 + away * ratio);
  const onEntryTick = direction === 'long' ? floorToTick : ceilToTick;
  const onExitTick = direction === 'long' ? ceilToTick : floorToTick;
  const farthest = max_target_ratio === null ? null : beyondEntry(max_target_ratio);
  const isTooFar = farthest !== null && compare(target_price, farthest) === away;
  const prices = {
    limit_price: onEntryTick(beyondEntry(max_drift_ratio)),
    stop_price: onExitTick(stop_price),
    target_price: isTooFar ? onEntryTick(farthest) : onExitTick(target_price),
  };
  const stopDistance = new Exact(entry_price).minus(stop_price).abs().div(entry_price);
  if (max_stop_ratio !== null && stopDistance.gt(max_stop_ratio)) return null;
  return compare(prices.limit_price, prices.stop_price) === away &&
    compare(prices.target_price, prices.limit_price) === away
    ? prices
    : null;
};

const costing = (qty: Exact, prices: PlannedPrices): EntryPlan => ({
  ...prices,
  qty: toDecimalString(qty),
  risk_usd: toCents(new Exact(prices.limit_price).minus(prices.stop_price).abs().times(qty)),
  notional_usd: toCents(new Exact(prices.limit_price).times(qty)),
});

/** The largest number of whole shares that breaks no limit; null where that is not one. */
export const planEntry = (
  prices: PlannedPrices,
  limits: AllowedLimits,
  { equity_usd, buying_power_usd, in_use_usd }: Means,
): EntryPlan | null => {
  const limit = new Exact(prices.limit_price);
  const perShare = Exact.max(limit.minus(prices.stop_price).abs(), limit.times(LEAST_DISTANCE));
  const risk = Exact.min(limits.max_risk_usd, new Exact(equity_usd).times(limits.max_risk_ratio));
  const notional = Exact.min(
    limits.max_notional_usd,
    new Exact(limits.max_total_notional_usd).minus(in_use_usd),
    buying_power_usd,
  );
  const qty = Exact.min(risk.div(perShare), notional.div(limit)).floor();
  return qty.lt(1) ? null : costing(qty, prices);
};

/** The same entry with no more shares than these. */
export const withAtMost = (plan: EntryPlan, qty: DecimalString): EntryPlan =>
  compare(plan.qty, qty) <= 0 ? plan : costing(new Exact(qty), plan);
