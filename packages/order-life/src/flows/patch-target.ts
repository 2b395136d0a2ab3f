import { compare, isWorking, type DecimalString } from '@catalyst/domain';
import type { OrderRow } from '../book-rows.ts';
import type { LifeDeps } from './life-deps.ts';
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

/**
 * Moves the target of what is held by asking the broker to replace it, the intent first, as a stop
 * is moved; the stop beside it stays as it is. `none`: there is no target that can be moved.
 */
export const createPatchTarget =
  ({ broker, book, clock, log }: LifeDeps, recordOrderUpdates: RecordOrderUpdates): PatchTarget =>
  async (positionId, to, details) => {
    const target = movableTarget(await book.listOrdersOf(positionId));
    if (!target) return 'none';
    const from = target.limit_price;
    if (from !== null && compare(from, to) === 0) return 'same';
    await book.transaction((tx) =>
      tx.addOrderEvent(
        target,
        { event: 'target_move_intended', source: 'desk', details: { to, ...details } },
        clock.now(),
      ),
    );
    const moved = await broker.orders.moveTarget(target.broker_order_id!, to);
    await book.transaction(async (tx) => {
      if (moved.outcome === 'moved')
        await recordOrderUpdates(tx, { orders: [moved.order], executions: [], source: 'rest' });
      await tx.addOrderEvent(
        (await tx.readOrder(target.client_order_id)) ?? target,
        moved.outcome === 'moved'
          ? { event: 'target_moved', source: 'desk', details: { from, to, ...details } }
          : {
              event: 'target_not_moved',
              source: 'desk',
              details: { ...details, outcome: moved.outcome },
            },
        clock.now(),
      );
    });
    if (moved.outcome !== 'moved')
      log.warn('target_not_moved', { symbol: target.symbol, from, to, moved });
    return moved.outcome;
  };
