import { compare, Exact, toDecimalString, type DecimalString } from './money.ts';
import {
  entrySide,
  exitSide,
  type Direction,
  type Side,
  type OrderRequest,
  type TimeInForce,
} from './order.ts';
import { ceilToTick, floorToTick } from './tick-size.ts';

/** A buy never pays more and a sell never takes less than was meant. */
export const toOrderPrice = (side: Side, price: DecimalString): DecimalString =>
  side === 'buy' ? floorToTick(price) : ceilToTick(price);

/** What a position's exits are: stop and target on their ticks. */
export interface ExitPlan {
  stop_price: DecimalString;
  target_price: DecimalString;
}

/** What somebody means to enter, with the prices of its exits. */
export interface MeantEntry {
  symbol: string;
  direction: Direction;
  /** The price that is expected. */
  entry_price: DecimalString;
  /** Null for an entry at market. */
  limit_price: DecimalString | null;
  stop_price: DecimalString;
  target_price: DecimalString;
}

export type BracketDecision = { request: OrderRequest; plan: ExitPlan } | { refusal: string };

/**
 * The bracket of an approved intent. Refused when the ticks bring its prices together: an entry at
 * or beyond its own stop is no trade.
 */
export const bracketFor = (
  intent: MeantEntry,
  qty: DecimalString,
  clientOrderId: string,
): BracketDecision => {
  const entry = entrySide(intent.direction);
  const exit = exitSide(intent.direction);
  const limit = intent.limit_price === null ? null : toOrderPrice(entry, intent.limit_price);
  const plan = {
    stop_price: toOrderPrice(exit, intent.stop_price),
    target_price: toOrderPrice(exit, intent.target_price),
  };
  const base = limit ?? intent.entry_price;
  const away = intent.direction === 'long' ? 1 : -1;
  if (compare(base, plan.stop_price) !== away)
    return {
      refusal: `the stop ${plan.stop_price} is not on the losing side of the entry ${base}`,
    };
  if (compare(plan.target_price, base) !== away)
    return {
      refusal: `the target ${plan.target_price} is not on the winning side of the entry ${base}`,
    };
  return {
    plan,
    request: {
      client_order_id: clientOrderId,
      symbol: intent.symbol,
      side: entry,
      type: limit === null ? 'market' : 'limit',
      order_class: 'bracket',
      // its legs take it over: they outlive the session if the shares do
      time_in_force: 'gtc',
      qty,
      limit_price: limit,
      take_profit: { limit_price: plan.target_price },
      stop_loss: { stop_price: plan.stop_price },
    },
  };
};

/**
 * A stop that the desk sets for a position without a plan: `ratio` away from `price` on the losing
 * side.
 */
export const fallbackStop = (
  direction: Direction,
  price: DecimalString,
  ratio: number,
): DecimalString => {
  const distance = new Exact(price).times(ratio);
  const stop =
    direction === 'long' ? new Exact(price).minus(distance) : new Exact(price).plus(distance);
  return toOrderPrice(exitSide(direction), toDecimalString(stop));
};

/** True for shares that a broker takes in any kind of order; parts of a share have their own rules. */
const isWhole = (qty: DecimalString): boolean => new Exact(qty).isInteger();

interface Protection {
  client_order_id: string;
  symbol: string;
  direction: Direction;
  qty: DecimalString;
  stop_price: DecimalString;
  target_price: DecimalString | null;
  /**
   * Good till canceled outlives the session if the shares do; some securities take orders for the
   * day only.
   */
  time_in_force: TimeInForce;
}

/**
 * Exits for shares that are held: target and stop as an OCO, or the stop alone. Parts of a share
 * have a stop alone, for the day: "fractional orders must be simple orders" and "DAY orders".
 */
export const protectionFor = ({
  client_order_id,
  symbol,
  direction,
  qty,
  stop_price,
  target_price,
  time_in_force,
}: Protection): OrderRequest => {
  const shared = {
    client_order_id,
    symbol,
    side: exitSide(direction),
    time_in_force: isWhole(qty) ? time_in_force : ('day' as const),
    qty,
  };
  if (target_price === null || !isWhole(qty))
    return { ...shared, type: 'stop', order_class: 'simple', stop_price };
  return {
    ...shared,
    type: 'limit',
    order_class: 'oco',
    limit_price: target_price,
    take_profit: { limit_price: target_price },
    stop_loss: { stop_price },
  };
};

export const marketExit = (
  client_order_id: string,
  symbol: string,
  direction: Direction,
  qty: DecimalString,
): OrderRequest => ({
  client_order_id,
  symbol,
  side: exitSide(direction),
  type: 'market',
  order_class: 'simple',
  time_in_force: 'day',
  qty,
});
