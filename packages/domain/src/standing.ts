import { compare, Exact, toCents, type DecimalString } from './money.ts';
import type { Direction } from './order.ts';
import { isWorking } from './order-machine.ts';
import { isProtected, liveStops, type ExitOrder } from './protection.ts';
import type { Instant } from './time.ts';

interface PricedOrder extends ExitOrder {
  limit_price: DecimalString | null;
  stop_price: DecimalString | null;
}
interface Held {
  direction: Direction;
  qty: DecimalString;
  last_price: DecimalString | null;
  last_price_at: Instant | null;
}
/** Each is null where it is not known; `live_stop_price` and `live_target_price` where none is live. */
export interface PositionStanding {
  /** The farthest of the stops. */
  live_stop_price: DecimalString | null;
  /** The nearest of the targets. */
  live_target_price: DecimalString | null;
  /** Dollars that the shares lose from the last price to their stops. */
  risk_usd: DecimalString | null;
  /** Since the stock was last traded or quoted. */
  price_age_seconds: number | null;
}

/**
 * What guards the shares at the broker and what they may lose from here. Where several stops share
 * them, each loses its own part; shares that no stop covers make the loss unknown.
 */
export const standingOf = (
  { direction, qty, last_price, last_price_at }: Held,
  orders: readonly PricedOrder[],
  now: Instant,
): PositionStanding => {
  if (compare(qty, 0) === 0)
    return {
      live_stop_price: null,
      live_target_price: null,
      risk_usd: null,
      price_age_seconds: null,
    };
  const away = direction === 'long' ? 1 : -1;
  const stops = liveStops(orders).filter(({ stop_price }) => stop_price !== null);
  /** Of several, the one with the least gain, or the most loss. */
  const worstFirst = (prices: (DecimalString | null)[]): DecimalString | null =>
    prices.reduce(
      (worst, one) =>
        one !== null && (worst === null || compare(one, worst) === -away) ? one : worst,
      null,
    );
  const lossOf = ({ qty: ordered, filled_qty, stop_price }: PricedOrder): Exact =>
    Exact.max(0, new Exact(last_price!).minus(stop_price!).times(away)).times(
      new Exact(ordered).minus(filled_qty),
    );
  const risk = stops.reduce(
    (sum, stop) => (last_price === null ? sum : sum.plus(lossOf(stop))),
    new Exact(0),
  );
  return {
    live_stop_price: worstFirst(stops.map(({ stop_price }) => stop_price)),
    live_target_price: worstFirst(
      orders
        .filter(({ role, status }) => role === 'target' && isWorking(status))
        .map(({ limit_price }) => limit_price),
    ),
    risk_usd: last_price !== null && isProtected(qty, orders) ? toCents(risk) : null,
    price_age_seconds:
      last_price_at === null
        ? null
        : Math.max(0, Math.round((Date.parse(now) - Date.parse(last_price_at)) / 1000)),
  };
};
