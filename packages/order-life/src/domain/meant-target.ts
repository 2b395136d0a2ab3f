import { isOwnExit, type DecimalString } from '@catalyst/domain';
import type { OrderRow } from '../book-rows.ts';

/**
 * The target that shares are meant to have, of their orders from the oldest to the newest: that of
 * the plan, until a person moved it or asked for an exit of their own; null where there is none.
 */
export const meantTarget = (
  planned: DecimalString | null,
  orders: readonly OrderRow[],
): DecimalString | null => {
  const last = orders.findLast(
    ({ client_order_id, role, request, broker_order_id }) =>
      broker_order_id !== null &&
      (isOwnExit(client_order_id) || (role === 'target' && 'replaces' in request)),
  );
  if (last === undefined) return planned;
  return last.role === 'target' ? last.limit_price : null;
};
