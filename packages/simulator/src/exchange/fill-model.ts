import { Exact, ceilToTick, floorToTick, priceDecimals, type OrderType, type Side } from '@catalyst/domain';
import { Decimal } from 'decimal.js';
import type { DayBar } from '../day/day.ts';
import { seededNumber } from '../market/seeded-number.ts';

/*
 * The fill model, all of it. An order meets finished 1-minute bars, one after the other, and only bars that START at or after the instant from which the order
 * works (its arrival, or its activation for a leg). Nothing is filled outside the range of prices that traded in the minute.
 *
 * path     a bar that closes at or above its open went open, low, high, close; another open, high, low, close. An order sees less of it than that: of a bar
 *          that touches a stop and a target the stop counts, whichever came first on the path
 * volume   all orders of an account on one symbol together take at most `volume_share` of a bar's volume, rounded down to whole shares; the rest waits for the next bar
 * market   the bar's open plus slippage
 * limit    when the bar touches the limit (with `limit_queue: 'through'` only when it trades beyond it: at a mere touch those who queued before are served): at the limit, or, where the bar opened through it, at the open plus slippage but never beyond the limit
 * stop     triggers when the bar touches the stop price: at the stop price plus slippage, or at the open plus slippage where the bar opened through it (a gap);
 *          what is left over is a market order from the next bar on
 * stop limit   triggers the same way; filled in that bar only if the price at the trigger is within the limit, else a limit order from the next bar on
 * trailing stop   a stop whose price follows the best price of the bars that are over
 * OCO      a bar that touches the stop and the target counts the stop
 * slippage     half of the spread, plus a seeded part of it between 0 and 1, against the order, rounded against the order to the tick; and the impact
 * impact       `impact_ratio` x the bar's range x the square root of the order's shares over the bar's volume: the square-root law (Almgren, Thum, Hauptmann and
 *              Li, Direct Estimation of Equity Market Impact, 2005), with the minute's range in the place of volatility
 * at once      with `fills: 'at_once'` a market order, or a limit at or beyond the other side's quote, is filled on arrival at that quote plus the seeded part of the
 *              slippage, for at most `volume_share` of the minute that is just over; what is left meets bars as above
 * spread   SPREAD_RATIO of the price and at least one tick; WIDE_SPREAD_RATIO while the day says so
 * halt     nothing is filled while a symbol is halted
 */

/** Full spread as a ratio of the price: four hundredths of a per cent, the order of magnitude of a liquid large company. */
export const SPREAD_RATIO = 0.0004;
/** Full spread as a ratio of the price during a `wide_spread` event. */
export const WIDE_SPREAD_RATIO = 0.02;
/** Share of a minute's volume that orders may take, unless the simulator is started with another. */
export const DEFAULT_VOLUME_SHARE = 0.1;

/** Full spread in dollars, on the tick. */
export const spreadAt = (price: Decimal.Value, wide: boolean): Decimal => {
  const exact = new Exact(price);
  const decimals = priceDecimals(exact);
  const tick = new Exact(10).pow(-decimals);
  return Decimal.max(tick, exact.times(wide ? WIDE_SPREAD_RATIO : SPREAD_RATIO).toDecimalPlaces(decimals));
};

export interface BidAsk {
  bid: Decimal;
  ask: Decimal;
}

/** The quote that stands after a trade at `price`. */
export const quoteAround = (price: Decimal.Value, wide: boolean): BidAsk => {
  const width = spreadAt(price, wide);
  const bid = new Exact(floorToTick(Decimal.max(new Exact(price).minus(width.div(2)), '0.0001')));
  return { bid, ask: bid.plus(width) };
};

/** What the model needs to know of an order in one minute. */
export interface WorkingOrder {
  type: OrderType;
  side: Side;
  remaining: Decimal;
  limit_price: Decimal | null;
  stop_price: Decimal | null;
  /** True once a stop has been touched. */
  triggered: boolean;
}

export interface MinuteOfTrading {
  symbol: string;
  bar: DayBar;
  /** Shares that may still be taken from the bar. */
  available: Decimal;
  wide_spread: boolean;
  seed: number;
  impact_ratio: number;
  /** Whether a limit that is touched and not traded through is filled. */
  touch_fills: boolean;
}

export interface FillDecision {
  triggered: boolean;
  /** Null where the bar fills nothing. */
  fill: { qty: Decimal; price: Decimal } | null;
}

/** Whole shares of a bar that may be taken. */
export const availableShares = (volume: number, volumeShare: number): Decimal => new Exact(volume).times(volumeShare).floor();

/** `reference` moved against the order by the slippage, on the tick, inside the bar. */
const slipped = (order: WorkingOrder, reference: Decimal, { symbol, bar, available, wide_spread, seed, impact_ratio }: MinuteOfTrading): Decimal => {
  const half = spreadAt(reference, wide_spread).div(2);
  const taken = Decimal.min(order.remaining, available).toNumber() / bar.volume;
  const impact = impact_ratio * (bar.high - bar.low) * Math.sqrt(taken);
  const slippage = half.times(1 + seededNumber(seed, symbol, bar.minute, order.side)).plus(impact);
  if (order.side === 'buy') return Decimal.min(new Exact(ceilToTick(reference.plus(slippage))), new Exact(bar.high));
  return Decimal.max(new Exact(floorToTick(Decimal.max(reference.minus(slippage), '0.0001'))), new Exact(bar.low));
};

/** The price at which a touched stop meets the market, or null where the bar does not touch it. */
const triggerPrice = (side: Side, stop: Decimal, bar: DayBar): Decimal | null => {
  const touched = side === 'sell' ? new Exact(bar.low).lte(stop) : new Exact(bar.high).gte(stop);
  if (!touched) return null;
  return side === 'sell' ? Decimal.min(stop, new Exact(bar.open)) : Decimal.max(stop, new Exact(bar.open));
};

const limitFillPrice = (order: WorkingOrder, limit: Decimal, minute: MinuteOfTrading): Decimal | null => {
  const open = new Exact(minute.bar.open);
  if (order.side === 'buy') {
    if (new Exact(minute.bar.low).gt(limit)) return null;
    if (!minute.touch_fills && open.gt(limit) && limit.eq(minute.bar.low)) return null;
    return open.lte(limit) ? Decimal.min(limit, slipped(order, open, minute)) : limit;
  }
  if (new Exact(minute.bar.high).lt(limit)) return null;
  if (!minute.touch_fills && open.lt(limit) && limit.eq(minute.bar.high)) return null;
  return open.gte(limit) ? Decimal.max(limit, slipped(order, open, minute)) : limit;
};

/** The price at which the standing quote fills an order on its arrival; null where its limit does not reach the quote. */
export const priceOnArrival = (side: Side, limit: Decimal | null, quote: BidAsk, slippageShare: number): Decimal | null => {
  const half = quote.ask.minus(quote.bid).div(2).times(slippageShare);
  if (side === 'buy') {
    if (limit && limit.lt(quote.ask)) return null;
    const price = new Exact(ceilToTick(quote.ask.plus(half)));
    return limit ? Decimal.min(limit, price) : price;
  }
  if (limit && limit.gt(quote.bid)) return null;
  const price = new Exact(floorToTick(Decimal.max(quote.bid.minus(half), '0.0001')));
  return limit ? Decimal.max(limit, price) : price;
};

/** Decides what one finished minute does to one order. */
export const fillInMinute = (order: WorkingOrder, minute: MinuteOfTrading): FillDecision => {
  const take = (price: Decimal | null, triggered: boolean): FillDecision => {
    const qty = Decimal.min(order.remaining, minute.available);
    return { triggered, fill: price && qty.gt(0) ? { qty, price } : null };
  };
  const open = new Exact(minute.bar.open);
  if (order.type === 'market') return take(slipped(order, open, minute), false);
  if (order.type === 'limit') return take(limitFillPrice(order, order.limit_price as Decimal, minute), false);
  const limit = order.type === 'stop_limit' ? (order.limit_price as Decimal) : null;
  if (order.triggered) return take(limit ? limitFillPrice(order, limit, minute) : slipped(order, open, minute), true);
  const touched = triggerPrice(order.side, order.stop_price as Decimal, minute.bar);
  if (!touched) return { triggered: false, fill: null };
  const price = slipped(order, touched, minute);
  if (!limit) return take(price, true);
  const within = order.side === 'sell' ? touched.gte(limit) : touched.lte(limit);
  if (!within) return { triggered: true, fill: null };
  return take(order.side === 'sell' ? Decimal.max(limit, price) : Decimal.min(limit, price), true);
};
