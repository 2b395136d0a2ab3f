import type { BrokerOrder } from '@catalyst/brokerage';
import { orderReasons } from '@catalyst/contracts';
import {
  compare,
  exitSide,
  orderClass,
  stableId,
  symbol as symbolSchema,
  timeInForce,
  type OrderRole,
} from '@catalyst/domain';
import { isClosedStatus } from '@catalyst/domain';
import type { BookTransaction } from '../book.ts';
import type { OrderRow } from '../book-rows.ts';
import type { LifeDeps } from './life-deps.ts';

/**
 * True for an order that the desk can keep in its book: shares by number, or by what an order of
 * dollars has filled so far, and not one that ended without a fill.
 */
export const isAdoptable = (order: BrokerOrder): boolean =>
  (order.qty !== null || compare(order.filled_qty, 0) > 0) &&
  symbolSchema.safeParse(order.symbol).success &&
  !(isClosedStatus(order.status) && compare(order.filled_qty, 0) === 0);

/**
 * Takes an order that someone else placed into the desk's book, flagged: as an exit where it works
 * against what is held, else as an entry.
 */
export const createAdoptOrder =
  ({ clock, log }: LifeDeps) =>
  async (tx: BookTransaction, order: BrokerOrder): Promise<OrderRow> => {
    const at = clock.now();
    const held = await tx.readOpenPosition(order.symbol);
    const isExit = held !== undefined && order.side === exitSide(held.direction);
    const isStop =
      order.type === 'stop' || order.type === 'stop_limit' || order.type === 'trailing_stop';
    const role: OrderRole = isExit ? (isStop ? 'stop' : 'exit') : 'entry';
    const position_id = held?.position_id ?? stableId('adopted_position', order.id);
    if (!held) {
      await tx.addPosition({
        position_id,
        cycle_id: null,
        symbol: order.symbol,
        intent_id: null,
        direction: order.side === 'buy' ? 'long' : 'short',
        initial_stop_price: null,
        target_price: null,
        is_adopted: true,
        created_at: at,
      });
    }
    const row: OrderRow = {
      client_order_id: order.client_order_id,
      broker_order_id: order.id,
      parent_client_order_id: null,
      approval_id: null,
      part: 1,
      cycle_id: held?.cycle_id ?? null,
      position_id,
      symbol: order.symbol,
      side: order.side,
      role,
      type: order.type,
      order_class: orderClass.safeParse(order.order_class).data ?? 'simple',
      time_in_force: timeInForce.safeParse(order.time_in_force).data ?? 'day',
      qty: order.qty ?? order.filled_qty,
      filled_qty: order.filled_qty,
      filled_avg_price: order.filled_avg_price,
      limit_price: order.limit_price,
      stop_price: order.stop_price,
      status: order.status,
      reason: orderReasons.adopted,
      exit_reason: isExit ? 'external' : null,
      is_adopted: true,
      request: {
        broker_order: order.id,
        time_in_force: order.time_in_force,
        order_class: order.order_class,
      },
      created_at: at,
      updated_at: at,
    };
    await tx.addOrder(row, { event: 'adopted', source: 'rest' });
    tx.audit({
      actor: 'trading',
      action: 'order_adopted',
      subject: order.symbol,
      details: { client_order_id: order.client_order_id, side: order.side, qty: order.qty, role },
    });
    log.warn('order_adopted', {
      symbol: order.symbol,
      client_order_id: order.client_order_id,
      side: order.side,
      qty: order.qty,
    });
    return row;
  };
