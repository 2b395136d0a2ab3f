import { Decimal } from 'decimal.js';
import { Exact, toDecimalString, type DecimalString } from './money.ts';

/**
 * Decimals an order price may have: two from one dollar, four below it (Regulation NMS rule 612,
 * "sub-penny").
 */
export const priceDecimals = (price: Decimal.Value): 2 | 4 => (new Exact(price).gte(1) ? 2 : 4);

/** True when the exchange takes `price` as an order price: positive and on its tick. */
export const isOnTick = (price: Decimal.Value): boolean => {
  const exact = new Exact(price);
  return exact.gt(0) && exact.decimalPlaces() <= priceDecimals(exact);
};

const round = (price: Decimal.Value, rounding: Decimal.Rounding): DecimalString => {
  const exact = new Exact(price);
  if (!exact.isFinite() || exact.lte(0))
    throw new RangeError(`expected a price above 0, was ${String(price)}`);
  const rounded = exact.toDecimalPlaces(priceDecimals(exact), rounding);
  return toDecimalString(rounded.isZero() ? new Exact('0.0001') : rounded);
};

/** The nearest price on the tick: how a computed price is shown. */
export const nearestTick = (price: Decimal.Value): DecimalString =>
  round(price, Decimal.ROUND_HALF_EVEN);
/**
 * The nearest price on the tick at or below `price`: what a buy limit becomes, so that it never
 * pays more than was meant.
 */
export const floorToTick = (price: Decimal.Value): DecimalString =>
  round(price, Decimal.ROUND_DOWN);
/**
 * The nearest price on the tick at or above `price`: what a sell limit becomes, so that it never
 * takes less than was meant.
 */
export const ceilToTick = (price: Decimal.Value): DecimalString => round(price, Decimal.ROUND_UP);
