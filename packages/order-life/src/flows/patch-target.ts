import { compare, isWorking, type DecimalString } from '@catalyst/domain';
import type { OrderRow } from '../book-rows.ts';
import type { LifeDeps } from './life-deps.ts';
import { createPatchOrder } from './patch-order.ts';
import type { RecordOrderUpdates } from './record-order-updates.ts';

/**
 * The target of a bracket that may be replaced. One of a pair of its own is not: its stop belongs
 * to it, and would belong to what was replaced.
 */
export const movableTarget = (orders: readonly OrderRow[]): OrderRow | undefined =>
  orders.find(
    ({ role, status, parent_client_order_id, broker_order_id }) =>
      role === 'target' &&
      parent_client_order_id !== null &&
      broker_order_id !== null &&
      isWorking(status) &&
      status !== 'pending_replace',
  );

export type PatchTarget = (
  positionId: string,
  to: DecimalString,
  details: Record<string, unknown>,
) => Promise<'moved' | 'same' | 'refused' | 'unknown' | 'none'>;

/** Moves the target of what is held; the stop beside it stays. `none`: there is none that can be moved. */
export const createPatchTarget = (
  deps: LifeDeps,
  recordOrderUpdates: RecordOrderUpdates,
): PatchTarget => {
  const patch = createPatchOrder(deps, recordOrderUpdates);
  return async (positionId, to, details) => {
    const order = movableTarget(await deps.book.listOrdersOf(positionId));
    if (!order) return 'none';
    const { limit_price } = order;
    if (limit_price !== null && compare(limit_price, to) === 0) return 'same';
    return patch({ order, price: 'target', to, details });
  };
};
