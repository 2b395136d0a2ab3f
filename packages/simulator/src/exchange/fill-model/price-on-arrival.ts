import { ceilToTick, Exact, floorToTick, type Side } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import type { BidAsk } from './spread.ts';

export interface Arrival {
  side: Side;
  limit: Decimal | null;
  quote: BidAsk;
  /** The seeded part of half the spread, from 0 to 1. */
  slippage_share: number;
  /** Dollars, as `impactOf` says. */
  impact: number;
  /** What the fill must stay within; null where no price band binds. */
  band: { up: number; down: number } | null;
}

/**
 * The price at which the standing quote fills an order on its arrival; null where its limit does
 * not reach the quote, or the quote lies outside the price band.
 */
export const priceOnArrival = ({
  side,
  limit,
  quote,
  slippage_share,
  impact,
  band,
}: Arrival): Decimal | null => {
  const slippage = quote.ask.minus(quote.bid).div(2).times(slippage_share).plus(impact);
  if (side === 'buy') {
    if (limit?.lt(quote.ask) || (band && quote.ask.gt(band.up))) return null;
    return Exact.min(
      new Exact(ceilToTick(quote.ask.plus(slippage))),
      limit ?? Infinity,
      band?.up ?? Infinity,
    );
  }
  if (limit?.gt(quote.bid) || (band && quote.bid.lt(band.down))) return null;
  return Exact.max(
    new Exact(floorToTick(Exact.max(quote.bid.minus(slippage), '0.0001'))),
    limit ?? 0,
    band?.down ?? 0,
  );
};
