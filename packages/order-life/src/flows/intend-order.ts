import { exitSide, type OrderRequest } from '@catalyst/domain';
import type { BookTransaction } from '../book.ts';
import type { OrderRow, PositionRow } from '../book-rows.ts';
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
    const at = clock.now();
    const { position_id, cycle_id, symbol, direction, is_adopted } = position;
    const row: OrderRow = {
      ...fields,
      client_order_id: request.client_order_id,
      broker_order_id: null,
      parent_client_order_id: null,
      approval_id: null,
      cycle_id,
      position_id,
      symbol,
      side: exitSide(direction),
      type: request.type,
      order_class: request.order_class,
      time_in_force: request.time_in_force,
      qty: request.qty,
      filled_qty: '0',
      filled_avg_price: null,
      limit_price: request.limit_price ?? null,
      stop_price: request.stop_price ?? null,
      status: 'intended',
      reason: null,
      is_adopted: false,
      request: { ...request },
      created_at: at,
      updated_at: at,
    };
    const event = `${fields.role}_intended`;
    if (!(await tx.addOrder(row, { event, source: 'desk', details }))) return;
    tx.audit({
      ...(typeof details.by === 'string' ? { on_behalf_of: details.by } : { actor: 'trading' }),
      action: event,
      subject: symbol,
      details: {
        ...details,
        client_order_id: request.client_order_id,
        qty: request.qty,
        is_adopted,
      },
    });
  };
