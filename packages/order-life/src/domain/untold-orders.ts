import type { BrokerOrder } from '@catalyst/brokerage';
import { compare, isEnded } from '@catalyst/domain';
import type { OrderRow } from '../book-rows.ts';

type Known = Pick<
  OrderRow,
  'client_order_id' | 'parent_client_order_id' | 'status' | 'broker_order_id' | 'filled_qty'
>;
type Told = Pick<BrokerOrder, 'id' | 'filled_qty'>;

/**
 * Orders of which the broker's list of open orders tells more than the book, which was read before
 * the list was asked for: the broker has them by the book, and they are not listed or filled further.
 * Nobody told of it, or not yet. Alpaca lists no leg that is `held`: it is there as long as the order
 * of its bracket or pair that it waits beside.
 */
export const untoldOrders = <T extends Known>(
  orders: readonly T[],
  listed: readonly (Told & { legs: readonly Told[] })[],
): T[] => {
  const filled = new Map(
    listed.flatMap((order) => [order, ...order.legs]).map((one) => [one.id, one.filled_qty]),
  );
  const groupOf = (order: T): string => order.parent_client_order_id ?? order.client_order_id;
  const groups = new Set(
    orders.flatMap((order) => (filled.has(order.broker_order_id ?? '') ? groupOf(order) : [])),
  );
  return orders.filter((order) => {
    const { status, broker_order_id, filled_qty } = order;
    if (isEnded(status) || broker_order_id === null) return false;
    const told = filled.get(broker_order_id);
    if (told === undefined) return status !== 'held' || !groups.has(groupOf(order));
    return compare(told, filled_qty) > 0;
  });
};
