import type { OrderClass, OrderType, Side } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import type { TimeInForce } from './order.ts';
import type { PositionIntent } from './position-intent.ts';

export interface ExitLegs {
  take_profit: { limit_price: Decimal } | null;
  stop_loss: { stop_price: Decimal; limit_price: Decimal | null } | null;
}

/**
 * An order as it was asked for, well formed in itself; whether the account may place it is the
 * exchange's question.
 */
export interface OrderRequest extends ExitLegs {
  symbol: string;
  /** Shares asked for; null where `notional` is given. */
  qty: Decimal | null;
  /** Dollars asked for instead of shares. */
  notional: Decimal | null;
  side: Side;
  type: OrderType;
  time_in_force: TimeInForce;
  order_class: OrderClass;
  /** Whether the client has named the class. */
  is_class_named: boolean;
  limit_price: Decimal | null;
  stop_price: Decimal | null;
  trail_price: Decimal | null;
  trail_percent: Decimal | null;
  extended_hours: boolean;
  client_order_id: string | null;
  /** What the client says that the order does; null where it says nothing. */
  position_intent: PositionIntent | null;
}

/** Whether an order may end in a fraction of a share. */
export const isFractional = (request: Pick<OrderRequest, 'qty' | 'notional'>): boolean =>
  request.qty === null || !request.qty.isInteger();
