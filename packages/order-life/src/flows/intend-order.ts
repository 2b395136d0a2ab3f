import type { OrderRequest } from '@catalyst/domain';
import type { BookTransaction } from '../book.ts';
import type { OrderRow, PositionRow } from '../book-rows.ts';
import { intendedRow } from '../domain/intended-row.ts';
import type { LifeDeps } from './life-deps.ts';

/**
 * Writes an order that takes a position down, or protects it, into the book before it is sent; one
 * that is there already stays as it is.
 */
export const createIntendOrder =
  ({ clock }: LifeDeps) =>
  async (
    tx: BookTransaction,
    position: PositionRow,
    request: OrderRequest,
    fields: Pick<OrderRow, 'role' | 'exit_reason'>,
    details: Record<string, unknown>,
  ): Promise<void> => {
    const row = intendedRow(position, request, fields, clock.now());
    const event = `${fields.role}_intended`;
    if (!(await tx.addOrder(row, { event, source: 'desk', details }))) return;
    tx.audit({
      ...(typeof details.by === 'string' ? { on_behalf_of: details.by } : { actor: 'trading' }),
      action: event,
      subject: row.symbol,
      details: {
        ...details,
        client_order_id: request.client_order_id,
        qty: request.qty,
        is_adopted: position.is_adopted,
      },
    });
  };
