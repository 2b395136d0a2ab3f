import type { DecimalString } from '@catalyst/domain';
import type { AuditNote } from '../book.ts';
import type { OrderRow } from '../book-rows.ts';
import type { LifeDeps } from './life-deps.ts';
import type { RecordOrderUpdates } from './record-order-updates.ts';

interface Move {
  order: OrderRow;
  /** Which of its prices moves. */
  price: 'stop' | 'target';
  to: DecimalString;
  details: Record<string, unknown>;
  /** Written with the intent, where nobody else has written down who acts. */
  note?: AuditNote | undefined;
}

/**
 * Moves one price at the broker, by another order that takes this one's place. The intent is written
 * first, so that a crash on the way leaves a trace; whichever of the two orders then lives is found
 * by reading the orders anew.
 */
export const createPatchOrder =
  ({ broker, book, clock, log }: LifeDeps, recordOrderUpdates: RecordOrderUpdates) =>
  async ({ order, price, to, details, note }: Move): Promise<'moved' | 'refused' | 'unknown'> => {
    const from = price === 'stop' ? order.stop_price : order.limit_price;
    await book.transaction(async (tx) => {
      await tx.addOrderEvent(
        order,
        { event: `${price}_move_intended`, source: 'desk', details: { to, ...details } },
        clock.now(),
      );
      if (note) tx.audit(note);
    });
    const { moveStop, moveTarget } = broker.orders;
    const moved = await (price === 'stop' ? moveStop : moveTarget)(order.broker_order_id!, to);
    await book.transaction(async (tx) => {
      if (moved.outcome === 'moved')
        await recordOrderUpdates(tx, { orders: [moved.order], executions: [], source: 'rest' });
      await tx.addOrderEvent(
        (await tx.readOrder(order.client_order_id)) ?? order,
        moved.outcome === 'moved'
          ? { event: `${price}_moved`, source: 'desk', details: { from, to, ...details } }
          : {
              event: `${price}_not_moved`,
              source: 'desk',
              details: { ...details, outcome: moved.outcome },
            },
        clock.now(),
      );
    });
    if (moved.outcome !== 'moved')
      log.warn(`${price}_not_moved`, { symbol: order.symbol, from, to, moved });
    return moved.outcome;
  };
