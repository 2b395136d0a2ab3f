import type { BookHistory, FillRow, KeptOrderEvent, KeptPositionEvent } from '@catalyst/order-life';
import type { Database } from '@catalyst/service-kit';
import { listOrders } from './orders.ts';
import { listPositions } from './positions.ts';

/** All events and rows of the book as of one instant, however much is written meanwhile. */
export const readHistory = (database: Database): Promise<BookHistory> =>
  database.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    return {
      orders: await listOrders(tx, { status: 'all' }),
      order_events: await tx.query<KeptOrderEvent>(
        'SELECT seq, client_order_id, event, order_state FROM order_events ORDER BY seq',
      ),
      positions: await listPositions(tx, { status: 'all' }),
      position_events: await tx.query<KeptPositionEvent>(
        'SELECT seq, position_id, event, details FROM position_events ORDER BY seq',
      ),
      fills: await tx.query<FillRow & { seq: number }>(
        `SELECT seq, execution_id, client_order_id, qty, price, filled_at FROM fills ORDER BY seq`,
      ),
    };
  });
