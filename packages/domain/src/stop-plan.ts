import { compare, type DecimalString } from './money.ts';
import type { DeskStatus } from './order-machine.ts';
import type { Direction, OrderRole } from './order.ts';

/** Where a stop would be put, seen from where it is and from the price. */
export type StopMove = 'nearer' | 'same' | 'farther' | 'beyond_price';

/** `from` is null where no stop is live; `last_price` where no price is known. */
export const stopMove = (
  direction: Direction,
  from: DecimalString | null,
  to: DecimalString,
  last_price: DecimalString | null,
): StopMove => {
  const gain = direction === 'long' ? 1 : -1;
  // a stop at the price or beyond it would be a sale at once
  if (last_price !== null && compare(to, last_price) !== -gain) return 'beyond_price';
  if (from === null) return 'nearer';
  const moved = compare(to, from);
  return moved === 0 ? 'same' : moved === gain ? 'nearer' : 'farther';
};

interface StopOrder {
  role: OrderRole;
  status: DeskStatus;
  stop_price: DecimalString | null;
  is_adopted: boolean;
}

/**
 * Where the desk last put a position's stop, of its orders from the oldest to the newest, whatever
 * became of them: protection that is renewed is not put farther away than it was. What the broker
 * never took was nowhere.
 */
export const lastStopPrice = (orders: readonly StopOrder[]): DecimalString | null =>
  orders.findLast(
    ({ role, status, stop_price, is_adopted }) =>
      role === 'stop' && status !== 'refused' && stop_price !== null && !is_adopted,
  )?.stop_price ?? null;
