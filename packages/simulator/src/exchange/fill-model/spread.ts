import { Exact, floorToTick, priceDecimals } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';

/**
 * Full spread as a ratio of the price: four hundredths of a per cent, the order of magnitude of a
 * liquid large company.
 */
export const SPREAD_RATIO = 0.0004;

/** Full spread as a ratio of the price during a `wide_spread` event. */
export const WIDE_SPREAD_RATIO = 0.02;

/** Full spread in dollars, on the tick. */
export const spreadAt = (price: Decimal.Value, wide: boolean): Decimal => {
  const exact = new Exact(price);
  const decimals = priceDecimals(exact);
  const tick = new Exact(10).pow(-decimals);
  return Exact.max(
    tick,
    exact.times(wide ? WIDE_SPREAD_RATIO : SPREAD_RATIO).toDecimalPlaces(decimals),
  );
};

export interface BidAsk {
  bid: Decimal;
  ask: Decimal;
}

/** The quote that stands after a trade at `price`. */
export const quoteAround = (price: Decimal.Value, wide: boolean): BidAsk => {
  const width = spreadAt(price, wide);
  const bid = new Exact(floorToTick(Exact.max(new Exact(price).minus(width.div(2)), '0.0001')));
  return { bid, ask: bid.plus(width) };
};
