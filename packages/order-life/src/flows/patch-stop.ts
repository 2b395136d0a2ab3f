import { type DecimalString } from '@catalyst/domain';
import type { AuditNote } from '../book.ts';
import type { OrderRow } from '../book-rows.ts';
import type { LifeDeps } from './life-deps.ts';
import { createPatchOrder } from './patch-order.ts';
import type { RecordOrderUpdates } from './record-order-updates.ts';

export type PatchStop = (
  stop: OrderRow,
  to: DecimalString,
  details: Record<string, unknown>,
  /** Written with the intent, where nobody else has written down who acts. */
  note?: AuditNote,
) => Promise<'moved' | 'refused' | 'unknown'>;

/** Moves one stop, which keeps the shares guarded all the while. */
export const createPatchStop = (
  deps: LifeDeps,
  recordOrderUpdates: RecordOrderUpdates,
): PatchStop => {
  const patch = createPatchOrder(deps, recordOrderUpdates);
  return (order, to, details, note) => patch({ order, price: 'stop', to, details, note });
};
