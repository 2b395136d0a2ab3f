import { isEnded } from '@catalyst/domain';
import type { OrderRow } from '../book-rows.ts';

interface Listed {
  id: string;
  legs: readonly { id: string }[];
}

/**
 * Orders that the broker has by the book, which was read before the broker's open orders were asked
 * for, and that are not among these: they have ended, and nobody told of it, or not yet.
 */
export const missingOrders = <T extends Pick<OrderRow, 'status' | 'broker_order_id'>>(
  orders: readonly T[],
  listed: readonly Listed[],
): T[] => {
  const alive = new Set(listed.flatMap(({ id, legs }) => [id, ...legs.map((leg) => leg.id)]));
  return orders.filter(
    ({ status, broker_order_id }) =>
      !isEnded(status) && broker_order_id !== null && !alive.has(broker_order_id),
  );
};
