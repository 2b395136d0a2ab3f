import { exitSide, type Instant, type OrderRequest } from '@catalyst/domain';
import type { OrderRow, PositionRow } from '../book-rows.ts';

/** The row of an order that takes a position down, or protects it, before the broker has it. */
export const intendedRow = (
  {
    position_id,
    cycle_id,
    symbol,
    direction,
  }: Pick<PositionRow, 'position_id' | 'cycle_id' | 'symbol' | 'direction'>,
  request: OrderRequest,
  fields: Pick<OrderRow, 'role' | 'exit_reason'>,
  at: Instant,
): OrderRow => ({
  ...fields,
  client_order_id: request.client_order_id,
  broker_order_id: null,
  parent_client_order_id: null,
  approval_id: null,
  part: 1,
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
});
