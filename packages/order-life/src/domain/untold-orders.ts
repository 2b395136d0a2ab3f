import type { BrokerOrder } from '@catalyst/brokerage';
import { compare, isEnded } from '@catalyst/domain';
import type { OrderRow } from '../book-rows.ts';

type Known = Pick<OrderRow, 'status' | 'broker_order_id' | 'filled_qty'>;
type Told = Pick<BrokerOrder, 'id' | 'filled_qty'>;

/**
 * Orders of which the broker's list of open orders tells more than the book, which was read before
 * the list was asked for: the broker has them by the book, and they are not listed or filled further.
 * Nobody told of it, or not yet.
 */
export const untoldOrders = <T extends Known>(
  orders: readonly T[],
  listed: readonly (Told & { legs: readonly Told[] })[],
): T[] => {
  const filled = new Map(
    listed.flatMap((order) => [order, ...order.legs]).map((one) => [one.id, one.filled_qty]),
  );
  return orders.filter(({ status, broker_order_id, filled_qty }) => {
    if (isEnded(status) || broker_order_id === null) return false;
    const told = filled.get(broker_order_id);
    return told === undefined || compare(told, filled_qty) > 0;
  });
};
