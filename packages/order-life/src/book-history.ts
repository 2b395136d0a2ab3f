import type { FillRow, OrderRow, PositionRow } from './book-rows.ts';

/** An event of an order as it is kept. */
export interface KeptOrderEvent {
  seq: number;
  client_order_id: string;
  event: string;
  /**
   * The order from then on: the whole row with its first event, `OrderState` with a change; null
   * where nothing changed.
   */
  order_state: Partial<OrderRow> | null;
}

/** An event of a position as it is kept. */
export interface KeptPositionEvent {
  seq: number;
  position_id: string;
  event: 'opened' | 'exit_asked' | 'exit_withdrawn';
  details: Record<string, unknown>;
}

/** All that a book has: what happened, and the rows that it came to; as of one instant. */
export interface BookHistory {
  orders: OrderRow[];
  order_events: KeptOrderEvent[];
  positions: PositionRow[];
  position_events: KeptPositionEvent[];
  fills: (FillRow & { seq: number })[];
}
