import type { OrderIntent } from '@catalyst/contracts';
import {
  ceilToTick,
  Exact,
  floorToTick,
  scaleOutPrices,
  toDecimalString,
  type DecimalString,
  type Direction,
} from '@catalyst/domain';

/**
 * How far beyond the quote the entry's limit lies, so that it fills at once and a run-away price
 * does not.
 */
export const MARKETABLE_MARGIN = '0.002';
/** The widest stop that is believed, as a share of the entry. */
const WIDEST_STOP = '0.25';

export interface EntryQuote {
  bid_price: DecimalString;
  ask_price: DecimalString;
}

export interface EntryLevels {
  direction: Direction;
  /** Null where there is no quote: then the last close is the price. */
  quote: EntryQuote | null;
  /** Close of the last finished minute; null where there is none. */
  close: number | null;
  stop: number | DecimalString;
  target: number | DecimalString;
}

export type EntryPrices = Pick<
  OrderIntent,
  'entry_price' | 'limit_price' | 'stop_price' | 'target_price'
>;
export type PlannedEntry =
  | { is_sane: true; prices: EntryPrices }
  | { is_sane: false; code: 'NO_PRICE' | 'STOP_NOT_SANE' | 'TARGET_NOT_SANE'; reason: string };

// float64 levels carry noise far behind the tick; without it 12.34 + 1e-15 would round up to 12.35
const exact = (price: number | DecimalString) => new Exact(price).toDecimalPlaces(6);

/**
 * Prices of a bracket on their ticks. The entry is expected at the far side of the quote (ask for a
 * long), its limit lies 0.2 % beyond it; stop and target are rounded away from loss: up for a long,
 * whose exits sell, down for a short, whose exits buy.
 */
export const planEntry = ({ direction, quote, close, stop, target }: EntryLevels): PlannedEntry => {
  const isLong = direction === 'long';
  const quoted = quote ? new Exact(isLong ? quote.ask_price : quote.bid_price) : null;
  const price = quoted?.gt(0) ? quoted : close !== null && close > 0 ? exact(close) : null;
  if (!price)
    return {
      is_sane: false,
      code: 'NO_PRICE',
      reason: 'neither a quote nor a finished minute gives a price',
    };
  const entry = new Exact(isLong ? ceilToTick(price) : floorToTick(price));
  const far = isLong
    ? floorToTick(entry.times(new Exact(1).plus(MARKETABLE_MARGIN)))
    : ceilToTick(entry.times(new Exact(1).minus(MARKETABLE_MARGIN)));
  const roundExit = isLong ? ceilToTick : floorToTick;
  const stopAt = exact(stop),
    targetAt = exact(target);
  if (!stopAt.gt(0))
    return {
      is_sane: false,
      code: 'STOP_NOT_SANE',
      reason: `the stop must be above 0, was ${stopAt}`,
    };
  if (!targetAt.gt(0))
    return {
      is_sane: false,
      code: 'TARGET_NOT_SANE',
      reason: `the target must be above 0, was ${targetAt}`,
    };
  const stopPrice = roundExit(stopAt),
    targetPrice = roundExit(targetAt);
  const risk = isLong ? entry.minus(stopPrice) : new Exact(stopPrice).minus(entry);
  if (!risk.gt(0))
    return {
      is_sane: false,
      code: 'STOP_NOT_SANE',
      reason: `the stop of a ${direction} must lie ${isLong ? 'below' : 'above'} the entry ${entry}, was ${stopPrice}`,
    };
  if (risk.gt(entry.times(WIDEST_STOP)))
    return {
      is_sane: false,
      code: 'STOP_NOT_SANE',
      reason: `the stop ${stopPrice} lies more than 25 % from the entry ${entry}`,
    };
  const isBeyond = isLong ? new Exact(targetPrice).gt(far) : new Exact(targetPrice).lt(far);
  if (!isBeyond)
    return {
      is_sane: false,
      code: 'TARGET_NOT_SANE',
      reason: `the target of a ${direction} must lie ${isLong ? 'above' : 'below'} the entry's limit ${far}, was ${targetPrice}`,
    };
  return {
    is_sane: true,
    prices: {
      entry_price: toDecimalString(entry),
      limit_price: far,
      stop_price: stopPrice,
      target_price: targetPrice,
    },
  };
};

/** Where parts of the trade leave before its target; nothing where it leaves whole. */
export const scaleOut = (
  at_r: readonly number[],
  direction: Direction,
  prices: EntryPrices,
): Pick<OrderIntent, 'scale_out'> => {
  const scale_out = scaleOutPrices(at_r, { direction, ...prices });
  return scale_out.length === 0 ? {} : { scale_out };
};

/**
 * Whole shares that lose at most `equity_usd x risk_ratio` between entry and stop; "0" when not
 * even one does.
 */
export const sharesAtRisk = (
  equity_usd: DecimalString,
  risk_ratio: number,
  { entry_price, stop_price }: EntryPrices,
): DecimalString => {
  const perShare = new Exact(entry_price).minus(stop_price).abs();
  return toDecimalString(new Exact(equity_usd).times(risk_ratio).div(perShare).floor());
};
