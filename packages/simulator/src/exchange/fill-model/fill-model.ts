import { ceilToTick, Exact, floorToTick, type OrderType, type Side } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import type { DayBar } from '../../day/day.ts';
import { seededNumber } from '../../market/seeded-number.ts';
import type { TimeInForce } from '../order.ts';
import { quoteAround, spreadAt } from './spread.ts';

/*
 * The fill model, all of it. An order meets finished 1-minute bars, one after the other, and only
 * bars that START at or after the instant from which the order works (its arrival, or its
 * activation for a leg). Nothing that meets a bar is filled outside the range of its prices.
 * It is conservative as it stands: every estimate is taken against the order, and what makes fills
 * better (no impact, no queue, a larger share of the volume) has to be asked for.
 *
 * path           a bar that closes at or above its open went open, low, high, close; another open,
 *                high, low, close. An order sees less of it than that: of a bar that touches a stop
 *                and a target the stop counts, whichever came first on the path
 * volume         all orders of an account on one symbol together take at most `volume_share` of a
 *                bar's volume, rounded down to whole shares; the rest waits for the next bar
 * dollars        buy what they buy at the price of the fill, to nine decimals and never for more;
 *                in a bar their impact is that of all the shares that may be taken
 * market         the bar's open plus slippage
 * limit          at the limit where the bar comes to it; where the bar opened through it, at the
 *                open plus slippage but never beyond the limit
 * queue          a touched limit stands behind those who were there before: with `limit_queue:
 *                'through'`, as usual, it is filled only when the bar trades beyond it. What
 *                reaches the other side of the quote at the open does not rest, and the open lies
 *                beyond it. With `none` a touch is enough
 * stop           triggers when the bar touches the stop price: at the stop price plus slippage, or
 *                at the open plus slippage where the bar opened through it (a gap); what is left
 *                over is a market order from the next bar on
 * stop limit     triggers the same way; filled in that bar only if the price at the trigger is
 *                within the limit (with `through`: if the other side of the quote there is), else a
 *                limit order from the next bar on
 * trailing stop  a stop whose price follows the best price of the bars that are over: their highest
 *                less the trail for a sell, their lowest plus the trail for a buy, on the tick away
 *                from the market
 * ioc, fok       meet one bar, and get only what its open gives: nothing where it lies beyond the
 *                limit, else what a market order or a limit that the bar opened through gets; `fok`
 *                all of it or nothing. What is left is canceled
 * opg, cls       the open of the session's first bar and the close of its last minute, without
 *                slippage, where it lies within the limit. What is left is canceled
 * OCO            a bar that touches the stop and the target counts the stop
 * slippage       half of the spread, plus a seeded part of it between 0 and 1, against the order,
 *                rounded against the order to the tick; and the impact. It concerns what takes
 *                liquidity: market orders, stops, and limits that the bar opened through (capped at
 *                the limit); a resting limit gets its limit
 * impact         `impact_ratio` x the bar's range x the square root of the order's shares over the
 *                bar's volume, the square-root law with the minute in the place of the day: I = Y x
 *                sigma x sqrt(Q / V) with Y of order one (Toth, Lemperiere, Deremble, de
 *                Lataillade, Kockelkoren and Bouchaud, Anomalous Price Impact and the Critical
 *                Nature of Liquidity in Financial Markets, Physical Review X 1, 021006, 2011). The
 *                square of a random walk's range is 4 ln 2 times its variance in the mean
 *                (Parkinson, The Extreme Value Method for Estimating the Variance of the Rate of
 *                Return, Journal of Business 53, 1980), so sigma is 0.6 of the range, and Y = 1 is
 *                DEFAULT_IMPACT_RATIO. Whole orders of institutions were measured, over hours; that
 *                a minute obeys the same law is an assumption
 * at once        with `fills: 'at_once'` a market order, or a limit at or beyond the other side's
 *                quote, is filled on arrival at that quote plus the seeded part of the slippage and
 *                the impact in the minute that is just over, for at most `volume_share` of that
 *                minute and never outside the price band; what is left meets bars as above, and of
 *                `ioc` and `fok` is canceled. The quote decides, as at Alpaca's paper accounts, not
 *                the trades of any minute, so that the price may lie beyond all of them
 * spread         SPREAD_RATIO of the price and at least one tick; WIDE_SPREAD_RATIO while the day
 *                says so
 * halt           nothing is filled while a symbol is halted or paused; orders are taken and wait,
 *                those that are decided at once too
 * bands          bars are what price bands have left of them (src/market/price-bands.ts), so that
 *                nothing is filled outside a band that binds
 */

/**
 * Share of a minute's volume that orders may take, unless the simulator is started with another.
 */
export const DEFAULT_VOLUME_SHARE = 0.1;

/**
 * Impact of a whole minute's volume as a multiple of the minute's range, unless the simulator is
 * started with another: one sigma, 1 / sqrt(4 ln 2) of the range.
 */
export const DEFAULT_IMPACT_RATIO = 0.6;

/** What a limit that is only touched gets, unless the simulator is started with the other. */
export const DEFAULT_LIMIT_QUEUE = 'through';

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
export const availableShares = (volume: number, volumeShare: number): Decimal =>
  new Exact(volume).times(volumeShare).floor();

/** Dollars by which `shares` move the price of a minute against their order. */
export const impactOf = (shares: Decimal, bar: DayBar, ratio: number): number =>
  ratio * (bar.high - bar.low) * Math.sqrt(shares.toNumber() / bar.volume);

/** `reference` moved against the order by the slippage, on the tick, inside the bar. */
const slipped = (
  order: WorkingOrder,
  reference: Decimal,
  { symbol, bar, available, wide_spread, seed, impact_ratio }: MinuteOfTrading,
): Decimal => {
  const half = spreadAt(reference, wide_spread).div(2);
  const impact = impactOf(Exact.min(order.remaining, available), bar, impact_ratio);
  const slippage = half.times(1 + seededNumber(seed, symbol, bar.minute, order.side)).plus(impact);
  if (order.side === 'buy')
    return Exact.min(new Exact(ceilToTick(reference.plus(slippage))), new Exact(bar.high));
  return Exact.max(
    new Exact(floorToTick(Exact.max(reference.minus(slippage), '0.0001'))),
    new Exact(bar.low),
  );
};

/** The price at which a touched stop meets the market, or null where the bar does not touch it. */
const triggerPrice = (side: Side, stop: Decimal, bar: DayBar): Decimal | null => {
  const touched = side === 'sell' ? new Exact(bar.low).lte(stop) : new Exact(bar.high).gte(stop);
  if (!touched) return null;
  return side === 'sell'
    ? Exact.min(stop, new Exact(bar.open))
    : Exact.max(stop, new Exact(bar.open));
};

const limitFillPrice = (
  order: WorkingOrder,
  limit: Decimal,
  minute: MinuteOfTrading,
): Decimal | null => {
  const open = new Exact(minute.bar.open);
  if (order.side === 'buy') {
    if (new Exact(minute.bar.low).gt(limit)) return null;
    if (!minute.touch_fills && limit.eq(minute.bar.low)) return null;
    return open.lte(limit) ? Exact.min(limit, slipped(order, open, minute)) : limit;
  }
  if (new Exact(minute.bar.high).lt(limit)) return null;
  if (!minute.touch_fills && limit.eq(minute.bar.high)) return null;
  return open.gte(limit) ? Exact.max(limit, slipped(order, open, minute)) : limit;
};

/**
 * Whether nothing in a bar can reach a limit order that waits. Prices have few enough digits that
 * comparing them as numbers is exact.
 */
export const isOutOfReach = (
  { type, side, limit_price: limit }: Pick<WorkingOrder, 'type' | 'side' | 'limit_price'>,
  bar: DayBar,
): boolean =>
  type === 'limit' &&
  limit !== null &&
  (side === 'buy' ? bar.low > limit.toNumber() : bar.high < limit.toNumber());

const fillAt = (
  price: Decimal | null,
  order: WorkingOrder,
  minute: MinuteOfTrading,
): FillDecision['fill'] => {
  const qty = Exact.min(order.remaining, minute.available);
  return price && qty.gt(0) ? { qty, price } : null;
};

/** Decides what one finished minute does to one order that waits for its price. */
export const fillInMinute = (order: WorkingOrder, minute: MinuteOfTrading): FillDecision => {
  const take = (price: Decimal | null, triggered: boolean): FillDecision => ({
    triggered,
    fill: fillAt(price, order, minute),
  });
  const open = new Exact(minute.bar.open);
  if (order.type === 'market') return take(slipped(order, open, minute), false);
  if (order.type === 'limit')
    return take(limitFillPrice(order, order.limit_price as Decimal, minute), false);
  const limit = order.type === 'stop_limit' ? (order.limit_price as Decimal) : null;
  if (order.triggered)
    return take(limit ? limitFillPrice(order, limit, minute) : slipped(order, open, minute), true);
  const touched = triggerPrice(order.side, order.stop_price as Decimal, minute.bar);
  if (!touched) return { triggered: false, fill: null };
  const price = slipped(order, touched, minute);
  if (!limit) return take(price, true);
  const { bid, ask } = minute.touch_fills
    ? { bid: touched, ask: touched }
    : quoteAround(touched, minute.wide_spread);
  const within = order.side === 'sell' ? bid.gte(limit) : ask.lte(limit);
  if (!within) return { triggered: true, fill: null };
  return take(order.side === 'sell' ? Exact.max(limit, price) : Exact.min(limit, price), true);
};

/**
 * Decides what a minute does to a market or limit order that is good for one bar or auction only.
 */
export const fillAtOnce = (
  timeInForce: TimeInForce,
  order: WorkingOrder,
  minute: MinuteOfTrading,
): FillDecision['fill'] => {
  const price = new Exact(timeInForce === 'cls' ? minute.bar.close : minute.bar.open);
  if (
    order.limit_price &&
    (order.side === 'buy' ? price.gt(order.limit_price) : price.lt(order.limit_price))
  )
    return null;
  if (timeInForce === 'opg' || timeInForce === 'cls') return fillAt(price, order, minute);
  const { fill } = fillInMinute(order, minute);
  return timeInForce === 'fok' && fill?.qty.lt(order.remaining) ? null : fill;
};
