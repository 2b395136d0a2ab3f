import type { BrokerLeg, BrokerOrder } from '@catalyst/brokerage';
import { add, compare, type DecimalString, type Instant, type OrderRole } from '@catalyst/domain';
import type { BookTransaction } from '../book.ts';
import type { OrderRow, PositionRow } from '../book-rows.ts';
import { orderAfter } from '../domain/order-after.ts';
import { createAdoptOrder, isAdoptable } from './adopt-order.ts';
import type { BookSignal } from './book-signal.ts';
import type { LifeDeps } from './life-deps.ts';
import { createRebook } from './rebook-position.ts';

export interface Execution {
  execution_id: string;
  broker_order_id: string;
  qty: DecimalString;
  price: DecimalString;
  filled_at: Instant;
}

/** What the broker said of its orders, by stream or when asked. */
export interface OrderUpdates {
  /** Orders with their legs; a leg that comes by itself is an order here. */
  orders: readonly BrokerOrder[];
  executions: readonly Execution[];
  source: 'stream' | 'rest';
  /** The broker's word for what happened; none where only the present state was read. */
  event?: string;
}

export interface Recorded {
  /** Orders that the desk did not place and has now in its book. */
  adopted: OrderRow[];
  /** Executions of orders that the desk does not have. */
  orphans: Execution[];
  /** Positions whose orders or executions these were, as they are now. */
  touched: PositionRow[];
}

const isSame = (left: OrderRow, right: OrderRow): boolean =>
  left.status === right.status &&
  left.filled_qty === right.filled_qty &&
  left.qty === right.qty &&
  left.broker_order_id === right.broker_order_id &&
  left.filled_avg_price === right.filled_avg_price &&
  left.limit_price === right.limit_price &&
  left.stop_price === right.stop_price;

const legRole = (leg: BrokerLeg): OrderRole => (leg.type === 'limit' ? 'target' : 'stop');

/**
 * Writes what the broker said into the book: orders, legs, executions, positions, their history and
 * their events, all in the caller's transaction.
 */
export const createRecordOrderUpdates = (deps: LifeDeps, signal: BookSignal) => {
  const { clock, log } = deps;
  const adopt = createAdoptOrder(deps);
  const rebook = createRebook(deps);

  return async (
    tx: BookTransaction,
    { orders, executions, source, event }: OrderUpdates,
  ): Promise<Recorded> => {
    const at = clock.now();
    tx.afterCommit(signal.changed);
    const all = orders.flatMap((order) => [order, ...order.legs]);
    const rows = await tx.findOrders(
      all.map(({ client_order_id }) => client_order_id),
      [
        ...all.flatMap(({ id, replaces }) => (replaces === null ? [id] : [id, replaces])),
        ...executions.map(({ broker_order_id }) => broker_order_id),
      ],
    );
    const byClient = new Map(rows.map((row) => [row.client_order_id, row]));
    const byBroker = new Map(
      rows
        .filter(({ broker_order_id }) => broker_order_id !== null)
        .map((row) => [row.broker_order_id as string, row]),
    );
    const keep = (row: OrderRow): void => {
      byClient.set(row.client_order_id, row);
      if (row.broker_order_id !== null) byBroker.set(row.broker_order_id, row);
    };
    const find = (order: BrokerLeg): OrderRow | undefined =>
      byBroker.get(order.id) ?? byClient.get(order.client_order_id);
    const touchedIds = new Set<string>();
    const touch = (row: OrderRow): void => {
      if (row.position_id !== null) touchedIds.add(row.position_id);
    };
    const adopted: OrderRow[] = [];

    const progress = async (
      row: OrderRow,
      update: BrokerOrder | BrokerLeg,
      isSubject: boolean,
    ): Promise<void> => {
      const next = orderAfter(row, update, source, at);
      keep(isSame(row, next) ? row : next);
      if (isSame(row, next)) return;
      await tx.changeOrder(next, {
        event: isSubject && event ? event : next.status,
        source,
        details: { filled_qty: next.filled_qty },
      });
      touch(next);
    };
    const addLeg = async (parent: OrderRow, leg: BrokerLeg): Promise<void> => {
      const row: OrderRow = {
        client_order_id: leg.client_order_id,
        broker_order_id: leg.id,
        parent_client_order_id: parent.client_order_id,
        approval_id: null,
        part: parent.part,
        cycle_id: parent.cycle_id,
        position_id: parent.position_id,
        symbol: parent.symbol,
        side: leg.side,
        role: legRole(leg),
        type: leg.type,
        order_class: parent.order_class,
        time_in_force: parent.time_in_force,
        qty: leg.qty ?? parent.qty,
        filled_qty: leg.filled_qty,
        filled_avg_price: leg.filled_avg_price,
        limit_price: leg.limit_price,
        stop_price: leg.stop_price,
        status: leg.status,
        reason: null,
        exit_reason: null,
        is_adopted: parent.is_adopted,
        request: { leg_of: parent.client_order_id },
        created_at: at,
        updated_at: at,
      };
      if (!(await tx.addOrder(row, { event: 'leg_placed', source }))) return;
      keep(row);
      touch(row);
    };

    /** The assumed shares that this order turns out to have brought are its own from now on. */
    const claimAssumed = async (order: BrokerOrder): Promise<OrderRow | undefined> => {
      const assumed = await tx.findAssumed(order);
      if (!assumed) return undefined;
      const row = { ...assumed, broker_order_id: order.id, updated_at: at };
      await tx.changeOrder(row, { event: 'explained', source });
      keep(row);
      return row;
    };
    /** An exit that took the place of one of ours is what that was; a moved stop is no stranger's. */
    const succeed = async (order: BrokerLeg): Promise<OrderRow | undefined> => {
      const replaced = order.replaces === null ? undefined : byBroker.get(order.replaces);
      if (!replaced || replaced.role === 'entry') return undefined;
      const row: OrderRow = {
        ...replaced,
        client_order_id: order.client_order_id,
        broker_order_id: order.id,
        approval_id: null,
        qty: order.qty ?? replaced.qty,
        filled_qty: order.filled_qty,
        filled_avg_price: order.filled_avg_price,
        limit_price: order.limit_price,
        stop_price: order.stop_price,
        status: order.status,
        reason: null,
        request: { replaces: replaced.client_order_id },
        created_at: at,
        updated_at: at,
      };
      if (!(await tx.addOrder(row, { event: 'in_place_of_another', source }))) return undefined;
      keep(row);
      touch(row);
      return row;
    };
    /** An order and its legs; what is nobody's of ours and cannot be adopted is passed over. */
    const recordOrder = async (order: BrokerOrder): Promise<void> => {
      const known =
        find(order) ??
        (await succeed(order)) ??
        (isAdoptable(order) ? await claimAssumed(order) : undefined);
      if (!known && !isAdoptable(order)) return;
      if (known) await progress(known, order, true);
      else {
        const row = await adopt(tx, order);
        adopted.push(row);
        keep(row);
        touch(row);
      }
      const parent = find(order)!;
      for (const leg of order.legs) {
        const row = find(leg);
        if (row) await progress(row, leg, false);
        else if (!(await succeed(leg))) await addLeg(parent, leg);
      }
    };
    const bookExecution = async (row: OrderRow, execution: Execution): Promise<void> => {
      const { execution_id, qty, price, filled_at } = execution;
      const { client_order_id, cycle_id, position_id, symbol, side, role } = row;
      // one execution can be told twice under two names: what the order has filled in all bounds
      // what may be booked
      if (compare(add(await tx.bookedQty(client_order_id), qty), row.filled_qty) > 0) return;
      const fill = { execution_id, client_order_id, qty, price, filled_at };
      if (!(await tx.addFill(fill))) return;
      touch(row);
      tx.announce('catalyst:order_filled', {
        cycle_id,
        position_id,
        client_order_id,
        symbol,
        side,
        qty,
        price,
        filled_at,
      });
      log.info('order_filled', { symbol, side, role, qty, price });
    };

    for (const order of orders) await recordOrder(order);
    const orphans: Execution[] = [];
    for (const execution of executions) {
      const row = byBroker.get(execution.broker_order_id);
      if (row) await bookExecution(row, execution);
      else orphans.push(execution);
    }
    const touched: PositionRow[] = [];
    for (const positionId of [...touchedIds].sort()) touched.push(await rebook(tx, positionId));
    return { adopted, orphans, touched };
  };
};
export type RecordOrderUpdates = ReturnType<typeof createRecordOrderUpdates>;
