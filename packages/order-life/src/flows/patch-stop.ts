import { type DecimalString } from '@catalyst/domain';
import type { AuditNote } from '../book.ts';
import type { OrderRow } from '../book-rows.ts';
import type { LifeDeps } from './life-deps.ts';
import type { RecordOrderUpdates } from './record-order-updates.ts';

export type PatchStop = (
  stop: OrderRow,
  to: DecimalString,
  details: Record<string, unknown>,
  /** Written with the intent, where nobody else has written down who acts. */
  note?: AuditNote,
) => Promise<'moved' | 'refused' | 'unknown'>;

/**
 * Moves one stop at the broker, which keeps the shares guarded all the while: another order takes
 * its place. The intent is written first, so that a crash on the way leaves a trace; whichever of
 * the two stops then lives is found by reading the orders anew.
 */
export const createPatchStop =
  ({ broker, book, clock, log }: LifeDeps, recordOrderUpdates: RecordOrderUpdates): PatchStop =>
  async (stop, to, details, note) => {
    const from = stop.stop_price;
    await book.transaction(async (tx) => {
      await tx.addOrderEvent(
        stop,
        { event: 'stop_move_intended', source: 'desk', details: { to, ...details } },
        clock.now(),
      );
      if (note) tx.audit(note);
    });
    const moved = await broker.orders.moveStop(stop.broker_order_id!, to);
    await book.transaction(async (tx) => {
      if (moved.outcome === 'moved')
        await recordOrderUpdates(tx, { orders: [moved.order], executions: [], source: 'rest' });
      await tx.addOrderEvent(
        (await tx.readOrder(stop.client_order_id)) ?? stop,
        moved.outcome === 'moved'
          ? { event: 'stop_moved', source: 'desk', details: { from, to, ...details } }
          : {
              event: 'stop_not_moved',
              source: 'desk',
              details: { ...details, outcome: moved.outcome },
            },
        clock.now(),
      );
    });
    if (moved.outcome !== 'moved')
      log.warn('stop_not_moved', { symbol: stop.symbol, from, to, moved });
    return moved.outcome;
  };
