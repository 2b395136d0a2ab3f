import type { Order, Position } from '@catalyst/contracts';
import { add, Exact, toCents, type DecimalString } from '@catalyst/domain';

/** What one position would bring in all when its stop is hit at its price. */
export interface StopHit {
  symbol: string;
  qty: DecimalString;
  stop_price: DecimalString | null;
  /** Against the last price, in dollars; null where there is no stop or no price. */
  from_now_usd: DecimalString | null;
  /** Against the entry, in dollars. */
  from_entry_usd: DecimalString | null;
}

type Held = Pick<
  Position,
  'position_id' | 'symbol' | 'qty' | 'direction' | 'entry_price' | 'last_price'
>;
type Working = Pick<Order, 'position_id' | 'role' | 'stop_price'>;

/**
 * What every stop hit would cost: (stop - price) x shares for long positions, the opposite for short
 * ones. The stop is the one that works at the broker; a position without one has no bound.
 */
export const whatIfStopped = (
  positions: readonly Held[],
  orders: readonly Working[],
): { stops: StopHit[]; from_now_usd: DecimalString; without_stop: string[] } => {
  const stops = positions
    .filter(({ qty }) => !new Exact(qty).isZero())
    .map(({ position_id, symbol, qty, direction, entry_price, last_price }): StopHit => {
      const stop_price =
        orders.find((order) => order.position_id === position_id && order.role === 'stop')
          ?.stop_price ?? null;
      const result = (price: string | null): string | null =>
        price === null || stop_price === null
          ? null
          : toCents(
              new Exact(stop_price)
                .minus(price)
                .times(qty)
                .times(direction === 'long' ? 1 : -1),
            );
      return {
        symbol,
        qty,
        stop_price,
        from_now_usd: result(last_price ?? entry_price),
        from_entry_usd: result(entry_price),
      };
    });
  return {
    stops,
    from_now_usd: add('0', ...stops.flatMap(({ from_now_usd }) => from_now_usd ?? [])),
    without_stop: stops.filter(({ stop_price }) => stop_price === null).map(({ symbol }) => symbol),
  };
};
