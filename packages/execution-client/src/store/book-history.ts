import type { BookHistory, OrderRow, PositionRow } from '@catalyst/order-life';
import type { LocalReads } from './local-database.ts';

/** All events and rows of the book, as far as they are committed. */
export const readBookHistory = (database: LocalReads): BookHistory => {
  const rows = <T>(table: string): T[] =>
    database
      .all<{ row: string }>(`SELECT row FROM ${table} ORDER BY created_at`)
      .map(({ row }) => JSON.parse(row) as T);
  return {
    orders: rows<OrderRow>('orders'),
    order_events: database
      .all<{ seq: number; client_order_id: string; event: string; order_state: string | null }>(
        'SELECT seq, client_order_id, event, order_state FROM order_events ORDER BY seq',
      )
      .map(({ order_state, ...event }) => ({
        ...event,
        order_state: order_state === null ? null : (JSON.parse(order_state) as OrderRow),
      })),
    positions: rows<PositionRow>('positions'),
    position_events: database
      .all<{
        seq: number;
        position_id: string;
        event: 'opened' | 'exit_asked' | 'exit_withdrawn';
        details: string;
      }>('SELECT seq, position_id, event, details FROM position_events ORDER BY seq')
      .map(({ details, ...event }) => ({
        ...event,
        details: JSON.parse(details) as Record<string, unknown>,
      })),
    fills: database.all(
      'SELECT seq, execution_id, client_order_id, qty, price, filled_at FROM fills ORDER BY seq',
    ),
  };
};
