import { setTimeout as sleep } from 'node:timers/promises';
import { forPurpose, type BrokerOrder } from '@catalyst/brokerage';
import { compare, add, later } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { isEnded } from '../domain/order-progress.ts';
import { bookedQtyOfPosition } from '../store/fills.ts';
import { addOrderEvent, findOrders, listOrdersOf, type OrderRow } from '../store/orders.ts';
import type { FlowDeps } from './flow-deps.ts';
import type { Execution, RecordOrderUpdates } from './record-order-updates.ts';

/**
 * Wall time within which a cancel must have become `canceled`; a position is without its stop that
 * long at most.
 */
const CANCEL_WITHIN_MS = 2000;
const ASK_EVERY_MS = 40;
/** How far before an order's own time its executions are looked for: clocks differ. */
const CLOCK_MARGIN_MS = 300_000;

export const createCancelOrders = (deps: FlowDeps, recordOrderUpdates: RecordOrderUpdates) => {
  const { broker, database, clock, log } = deps;

  /** Reads orders anew, each with its whole group: legs are found through their parents. */
  const refresh = async (rows: readonly OrderRow[]): Promise<void> => {
    if (rows.length === 0) return;
    const parents = await findOrders(
      database,
      rows.flatMap(({ parent_client_order_id }) => parent_client_order_id ?? []),
      [],
    );
    const roots = new Set(
      [
        ...rows.filter(({ parent_client_order_id }) => parent_client_order_id === null),
        ...parents,
      ].flatMap(({ broker_order_id }) => broker_order_id ?? []),
    );
    const found: BrokerOrder[] = [];
    for (const id of roots) {
      try {
        const order = await broker.orders.getOrder(id);
        if (order) found.push(order);
      } catch (error) {
        // one that cannot be read stays as it was known, and says so in its list
        if (!(error instanceof AppError && error.code === 'VENDOR_ANSWERED_GARBAGE')) throw error;
        log.warn('order_unread', { broker_order_id: id, error });
      }
    }
    await database.transaction((tx) =>
      recordOrderUpdates(tx, { orders: found, executions: [], source: 'rest' }),
    );
  };

  /**
   * Executions that the orders tell of and the book does not have: their update is still on its
   * way, or lost.
   */
  const fetchMissingFills = async (positionId: string): Promise<void> => {
    const orders = await listOrdersOf(database, [positionId]);
    const told = orders.reduce((sum, { filled_qty }) => add(sum, filled_qty), '0');
    if (compare(told, await bookedQtyOfPosition(database, positionId)) <= 0) return;
    const fills = await broker.account.listFills({
      after: later(orders[0]!.created_at, -CLOCK_MARGIN_MS),
    });
    const ours = new Set(orders.flatMap(({ broker_order_id }) => broker_order_id ?? []));
    const executions = fills
      .filter(({ order_id }) => ours.has(order_id))
      .map((fill): Execution => ({
        execution_id: fill.execution_id,
        broker_order_id: fill.order_id,
        qty: fill.qty,
        price: fill.price,
        filled_at: fill.transaction_time,
      }));
    await database.transaction((tx) =>
      recordOrderUpdates(tx, { orders: [], executions, source: 'rest' }),
    );
  };

  /**
   * Asks for the cancel of each order and waits until every one has ended, by cancel or by a fill
   * that was faster.
   * @throws AppError OUTCOME_UNKNOWN when the broker has not ended them in time; what is asked again goes on from there
   */
  const cancelOrders = async (
    rows: readonly OrderRow[],
    details: Record<string, unknown> = {},
  ): Promise<void> => {
    const sent = rows.filter(
      ({ broker_order_id, status }) => broker_order_id !== null && !isEnded(status),
    );
    if (sent.length === 0) return;
    for (const row of sent) {
      await addOrderEvent(database, {
        client_order_id: row.client_order_id,
        event: 'cancel_requested',
        status: row.status,
        source: 'desk',
        details,
        occurred_at: clock.now(),
      });
      await broker.orders.cancelOrder(row.broker_order_id!);
    }
    const giveUpAt = performance.now() + CANCEL_WITHIN_MS;
    for (;;) {
      await refresh(sent);
      const left = (
        await findOrders(
          database,
          sent.map(({ client_order_id }) => client_order_id),
          [],
        )
      ).filter(({ status }) => !isEnded(status));
      if (left.length === 0) break;
      if (performance.now() > giveUpAt) {
        throw new AppError(
          'OUTCOME_UNKNOWN',
          `the broker has not canceled ${left.map(({ symbol, role }) => `the ${role} of ${symbol}`).join(', ')} within ${CANCEL_WITHIN_MS} ms`,
          { orders: left.map(({ client_order_id }) => client_order_id) },
        );
      }
      await sleep(ASK_EVERY_MS);
    }
    for (const positionId of new Set(sent.flatMap(({ position_id }) => position_id ?? [])))
      await fetchMissingFills(positionId);
  };
  return {
    cancelOrders: (...given: Parameters<typeof cancelOrders>) =>
      forPurpose('exit', () => cancelOrders(...given)),
    refresh,
    fetchMissingFills,
  };
};
export type CancelOrders = ReturnType<typeof createCancelOrders>;
