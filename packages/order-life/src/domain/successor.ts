import { compare, isEnded, type DecimalString } from '@catalyst/domain';
import type { OrderRow } from '../book-rows.ts';

type Stop = Pick<OrderRow, 'client_order_id' | 'status' | 'stop_price' | 'request'>;

/**
 * The order, not ended, that is to take a stop's place: the broker has it, and the stop lives until
 * it has reached the exchange.
 */
export const successorOf = <S extends Stop>(
  { client_order_id }: Pick<Stop, 'client_order_id'>,
  orders: readonly S[],
): S | undefined =>
  orders.find(
    ({ request, status }) =>
      'replaces' in request && request.replaces === client_order_id && !isEnded(status),
  );

/** True where the stop is being moved to this price. */
export const isOnItsWayTo = (to: DecimalString, stop: Stop, orders: readonly Stop[]): boolean => {
  const successor = successorOf(stop, orders);
  return (
    successor !== undefined &&
    successor.stop_price !== null &&
    compare(successor.stop_price, to) === 0
  );
};
