import { dayOrderId, type OrderRequest } from '@catalyst/domain';
import type { OrderRow } from '../book-rows.ts';

/**
 * The order that takes the place of one that was refused because its security takes only orders for
 * the day: the same in all else, under an id of its own; an entry keeps the one that its approval
 * belongs to, which the broker has not taken. Null for one that is for the day already, so that it
 * happens once at most; market exits always are.
 */
export const dayOrderInstead = (refused: OrderRow): OrderRow | null => {
  if (refused.time_in_force === 'day') return null;
  const client_order_id =
    refused.role === 'entry' ? refused.client_order_id : dayOrderId(refused.client_order_id);
  const request: OrderRequest = {
    ...(refused.request as OrderRequest),
    client_order_id,
    time_in_force: 'day',
  };
  return { ...refused, client_order_id, time_in_force: 'day', request };
};
