import { exitSide, type OrderRequest } from '@catalyst/domain';
import type { Transaction } from '@catalyst/service-kit';
import { addOrderEvent, insertOrder, type OrderRow } from '../store/orders.ts';
import type { PositionRow } from '../store/positions.ts';
import type { FlowDeps } from './flow-deps.ts';

/**
 * Writes an order that takes a position down, or protects it, into the book before it is sent; one
 * that is there already stays as it is.
 */
export const createIntendOrder =
  ({ clock, audit }: FlowDeps) =>
  async (
    tx: Transaction,
    position: PositionRow,
    request: OrderRequest,
    fields: Pick<OrderRow, 'role' | 'exit_reason'>,
    details: Record<string, unknown>,
  ): Promise<void> => {
    const at = clock.now();
    const { position_id, cycle_id, security_id, symbol, direction, is_adopted } = position;
    const isNew = await insertOrder(tx, {
      ...fields,
      client_order_id: request.client_order_id,
      broker_order_id: null,
      parent_client_order_id: null,
      approval_id: null,
      cycle_id,
      position_id,
      security_id,
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
    });
    if (!isNew) return;
    await addOrderEvent(tx, {
      client_order_id: request.client_order_id,
      event: `${fields.role}_intended`,
      status: 'intended',
      source: 'desk',
      details,
      occurred_at: at,
    });
    audit(tx, {
      ...(typeof details.by === 'string' ? { on_behalf_of: details.by } : { actor: 'trading' }),
      action: `${fields.role}_intended`,
      subject: symbol,
      details: {
        ...details,
        client_order_id: request.client_order_id,
        qty: request.qty,
        is_adopted,
      },
    });
  };
