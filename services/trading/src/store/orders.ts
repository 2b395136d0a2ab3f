import {
  ASSUMED,
  orderStateOf,
  type OrderEvent,
  type OrderRow,
  type OrderState,
} from '@catalyst/order-life';
import type { Instant } from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';

const COLUMNS = `o.client_order_id, o.broker_order_id, o.parent_client_order_id, o.approval_id, o.part, o.cycle_id, o.position_id, s.symbol, o.side, o.role, o.type, o.order_class,
  o.time_in_force, o.qty, o.filled_qty, o.filled_avg_price, o.limit_price, o.stop_price, o.status, o.reason, o.exit_reason, o.is_adopted, o.request, o.created_at, o.updated_at`;
const FROM = 'FROM orders o JOIN securities s USING (security_id)';
/** Statuses after which nothing more comes of an order; the same list as the index orders_open. */
const ENDED = "('filled', 'canceled', 'expired', 'replaced', 'rejected', 'refused')";

export const findOrders = (
  db: Queryable,
  clientOrderIds: readonly string[],
  brokerOrderIds: readonly string[],
): Promise<OrderRow[]> =>
  db.query<OrderRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE o.client_order_id = ANY ($1) OR o.broker_order_id = ANY ($2)`,
    [clientOrderIds, brokerOrderIds],
  );

export const readOrder = async (
  db: Queryable,
  clientOrderId: string,
): Promise<OrderRow | undefined> => (await findOrders(db, [clientOrderId], []))[0];

/** The orders that an approval was used for, by part. */
export const listOrdersByApproval = (db: Queryable, approvalId: string): Promise<OrderRow[]> =>
  db.query<OrderRow>(`SELECT ${COLUMNS} ${FROM} WHERE o.approval_id = $1 ORDER BY o.part`, [
    approvalId,
  ]);

export const listOrdersOf = (db: Queryable, positionIds: readonly string[]): Promise<OrderRow[]> =>
  db.query<OrderRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE o.position_id = ANY ($1)
     ORDER BY o.created_at, o.client_order_id`,
    [positionIds],
  );

/** An assumed order of just these shares that no order of the broker's explains yet. */
export const findAssumed = async (
  db: Queryable,
  { symbol, side, filled_qty }: Pick<OrderRow, 'symbol' | 'side' | 'filled_qty'>,
): Promise<OrderRow | undefined> =>
  (
    await db.query<OrderRow>(
      `SELECT ${COLUMNS} ${FROM} WHERE starts_with(o.client_order_id, $1)
         AND o.broker_order_id IS NULL AND s.symbol = $2 AND o.side = $3 AND o.qty = $4
       ORDER BY o.created_at LIMIT 1`,
      [ASSUMED, symbol, side, filled_qty],
    )
  )[0];

/** Orders that are not ended, oldest first. */
export const listLiveOrders = (db: Queryable): Promise<OrderRow[]> =>
  db.query<OrderRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE o.status NOT IN ${ENDED}
     ORDER BY o.created_at, o.client_order_id`,
  );

/**
 * Everything that watching over positions looks at: the orders of those that are open, and orders
 * that the broker may have alive although their position is closed.
 */
export const listWatchedOrders = (db: Queryable): Promise<OrderRow[]> =>
  db.query<OrderRow>(
    `SELECT ${COLUMNS} ${FROM}
     LEFT JOIN positions p ON p.position_id = o.position_id AND p.status <> 'closed'
     WHERE p.position_id IS NOT NULL OR o.status NOT IN ${ENDED}
     ORDER BY o.created_at, o.client_order_id`,
  );

export const listOrders = (
  db: Queryable,
  { cycle_id, status }: { cycle_id?: string | undefined; status: 'open' | 'closed' | 'all' },
): Promise<OrderRow[]> =>
  db.query<OrderRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE ($1::uuid IS NULL OR o.cycle_id = $1)
       ${status === 'open' ? `AND o.status NOT IN ${ENDED}` : status === 'closed' ? `AND o.status IN ${ENDED}` : ''} ORDER BY o.created_at, o.client_order_id`,
    [cycle_id ?? null],
  );

/** Appends to the orders' history; the gapless number is taken in the statement that writes. */
export const addOrderEvent = async (
  db: Queryable,
  { client_order_id, status }: Pick<OrderRow, 'client_order_id' | 'status'>,
  { event, source, details = {} }: OrderEvent,
  occurredAt: Instant,
  state: OrderState | null = null,
): Promise<void> => {
  await db.query(
    `INSERT INTO order_events
       (seq, client_order_id, event, status, source, details, occurred_at, order_state)
     VALUES (next_seq('order_events'), $1, $2, $3, $4, $5, $6, $7)`,
    [
      client_order_id,
      event,
      status,
      source,
      JSON.stringify(details),
      occurredAt,
      state && JSON.stringify(state),
    ],
  );
};

/** Returns false when the order was there already; its position has made its security known. */
export const addOrder = async (
  db: Queryable,
  row: OrderRow,
  event: OrderEvent,
): Promise<boolean> => {
  const rows = await db.query(
    `INSERT INTO orders (client_order_id, broker_order_id, parent_client_order_id, approval_id,
       cycle_id, position_id, security_id, side, role, type, order_class, time_in_force,
       qty, filled_qty, filled_avg_price, limit_price, stop_price, status, reason, exit_reason,
       is_adopted, request, created_at, updated_at, part)
     VALUES ($1, $2, $3, $4, $5, $6, (SELECT security_id FROM securities WHERE symbol = $7), $8, $9,
       $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)
     ON CONFLICT DO NOTHING RETURNING client_order_id`,
    [
      row.client_order_id,
      row.broker_order_id,
      row.parent_client_order_id,
      row.approval_id,
      row.cycle_id,
      row.position_id,
      row.symbol,
      row.side,
      row.role,
      row.type,
      row.order_class,
      row.time_in_force,
      row.qty,
      row.filled_qty,
      row.filled_avg_price,
      row.limit_price,
      row.stop_price,
      row.status,
      row.reason,
      row.exit_reason,
      row.is_adopted,
      JSON.stringify(row.request),
      row.created_at,
      row.updated_at,
      row.part,
    ],
  );
  if (rows.length === 0) return false;
  await addOrderEvent(db, row, event, row.updated_at, row);
  return true;
};

/** Writes what changes in an order's life; the rest of a row never does. */
export const changeOrder = async (
  db: Queryable,
  row: OrderRow,
  event: OrderEvent,
): Promise<void> => {
  await db.query(
    `UPDATE orders SET broker_order_id = $2, position_id = $3, qty = $4, filled_qty = $5,
       filled_avg_price = $6, limit_price = $7, stop_price = $8, status = $9, reason = $10,
       request = $11, updated_at = $12, time_in_force = $13
     WHERE client_order_id = $1`,
    [
      row.client_order_id,
      row.broker_order_id,
      row.position_id,
      row.qty,
      row.filled_qty,
      row.filled_avg_price,
      row.limit_price,
      row.stop_price,
      row.status,
      row.reason,
      JSON.stringify(row.request),
      row.updated_at,
      row.time_in_force,
    ],
  );
  await addOrderEvent(db, row, event, row.updated_at, orderStateOf(row));
};

/** How often an event befell an order. */
export const countOrderEvents = async (
  db: Queryable,
  client_order_id: string,
  event: string,
): Promise<number> => {
  const [row] = await db.query<{ times: number }>(
    'SELECT count(*) AS times FROM order_events WHERE client_order_id = $1 AND event = $2',
    [client_order_id, event],
  );
  return row!.times;
};

/** Orders about which a request was acted on, by the event that says so. */
export const listRequested = (
  db: Queryable,
  event: string,
  requestId: string,
): Promise<{ client_order_id: string; symbol: string }[]> =>
  db.query(
    `SELECT DISTINCT e.client_order_id, s.symbol FROM order_events e
     JOIN orders o USING (client_order_id) JOIN securities s USING (security_id)
     WHERE e.details ->> 'request_id' = $2 AND e.event = $1 ORDER BY 2, 1`,
    [event, requestId],
  );
