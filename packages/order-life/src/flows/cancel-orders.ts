import { forPurpose, type BrokerOrder } from '@catalyst/brokerage';
import { add, compare, isEnded, later } from '@catalyst/domain';
import { AppError } from '@catalyst/runtime';
import type { OrderRow } from '../book-rows.ts';
import { CANCEL_WITHIN_MS, createAwaitEnds } from './await-ends.ts';
import type { BookSignal } from './book-signal.ts';
import type { LifeDeps } from './life-deps.ts';
import type { Execution, RecordOrderUpdates } from './record-order-updates.ts';

/** How far before an order's own time its executions are looked for: clocks differ. */
const CLOCK_MARGIN_MS = 300_000;

export const createCancelOrders = (
  deps: LifeDeps,
  recordOrderUpdates: RecordOrderUpdates,
  signal: BookSignal,
) => {
  const { broker, book, clock, log, settings } = deps;
  const isReplay = settings.mode === 'replay';

  /** Reads orders anew, each with its whole group: legs are found through their parents. */
  const refresh = async (rows: readonly OrderRow[]): Promise<void> => {
    if (rows.length === 0) return;
    const parents = await book.findOrders(
      rows.flatMap(({ parent_client_order_id }) => parent_client_order_id ?? []),
      [],
    );
    const roots = new Set(
      [
        ...rows.filter(({ parent_client_order_id }) => parent_client_order_id === null),
        ...parents,
      ].flatMap(({ broker_order_id }) => broker_order_id ?? []),
    );
    const read = async (id: string): Promise<BrokerOrder | null> => {
      try {
        return await broker.orders.getOrder(id);
      } catch (error) {
        // one that cannot be read stays as it was known, and says so in its list
        if (!(error instanceof AppError && error.code === 'VENDOR_ANSWERED_GARBAGE')) throw error;
        log.warn('order_unread', { broker_order_id: id, error });
        return null;
      }
    };
    const found = (await Promise.all([...roots].map(read))).filter((order) => order !== null);
    await book.transaction((tx) =>
      recordOrderUpdates(tx, { orders: found, executions: [], source: 'rest' }),
    );
  };

  const { isTold, untilEnded } = createAwaitEnds(deps, signal, refresh);

  /**
   * Executions that the orders tell of and the book does not have: their update is still on its
   * way, or lost.
   */
  const fetchMissingFills = async (positionId: string): Promise<void> => {
    // shares may be without a stop meanwhile
    const [orders, booked] = await Promise.all([
      book.listOrdersOf(positionId),
      book.listFillsOf(positionId),
    ]);
    const told = orders.reduce((sum, { filled_qty }) => add(sum, filled_qty), '0');
    if (
      compare(
        told,
        booked.reduce((sum, { qty }) => add(sum, qty), '0'),
      ) <= 0
    )
      return;
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
    await book.transaction((tx) =>
      recordOrderUpdates(tx, { orders: [], executions, source: 'rest' }),
    );
  };

  /** Those that the broker has. */
  const sentOf = (rows: readonly OrderRow[]): OrderRow[] =>
    rows.filter(({ broker_order_id, status }) => broker_order_id !== null && !isEnded(status));

  /** The legs that sleep behind entries. */
  const listLegsOf = async (rows: readonly OrderRow[]): Promise<OrderRow[]> => {
    const entries = rows.filter(({ role }) => role === 'entry');
    const parents = new Set(entries.map(({ client_order_id }) => client_order_id));
    const positions = new Set(entries.flatMap(({ position_id }) => position_id ?? []));
    const orders = await Promise.all([...positions].map((id) => book.listOrdersOf(id)));
    return orders
      .flat()
      .filter(({ parent_client_order_id }) => parents.has(parent_client_order_id ?? ''));
  };

  /**
   * Asks for the cancel of each order and waits until every one has ended, by cancel or by a fill
   * that was faster. The legs of an entry sleep and end with it: their end is waited for once, so
   * that nobody asks for what is over. What had filled of them may not be in the book yet.
   * @throws AppError OUTCOME_UNKNOWN when the broker has not ended them in time; what is asked again goes on from there
   */
  const endOrders = async (
    rows: readonly OrderRow[],
    details: Record<string, unknown>,
  ): Promise<void> => {
    const sent = sentOf(rows).filter((row) => !isTold(row));
    if (sent.length === 0) return;
    await book.transaction(async (tx) => {
      for (const row of sent)
        await tx.addOrderEvent(
          row,
          { event: 'cancel_requested', source: 'desk', details },
          clock.now(),
        );
    });
    const ask = ({ broker_order_id }: OrderRow) => broker.orders.cancelOrder(broker_order_id!);
    // what the stream tells ends the wait, whether the answer has come or not
    if (isReplay) for (const row of sent) await ask(row);
    else void Promise.all(sent.map(ask));
    const left = await untilEnded(sent, await listLegsOf(sent));
    if (left.length > 0)
      throw new AppError(
        'OUTCOME_UNKNOWN',
        `the broker has not canceled ${left.map(({ symbol, role }) => `the ${role} of ${symbol}`).join(', ')} within ${CANCEL_WITHIN_MS} ms`,
        { orders: left.map(({ client_order_id }) => client_order_id) },
      );
  };
  return {
    endOrders: (...given: Parameters<typeof endOrders>) =>
      forPurpose('exit', () => endOrders(...given)),
    /** The same, with what had filled of them in the book. */
    cancelOrders: (
      rows: readonly OrderRow[],
      details: Record<string, unknown> = {},
    ): Promise<void> =>
      forPurpose('exit', async () => {
        await endOrders(rows, details);
        const positions = new Set(sentOf(rows).flatMap(({ position_id }) => position_id ?? []));
        for (const positionId of positions) await fetchMissingFills(positionId);
      }),
    isTold,
    refresh,
    fetchMissingFills,
  };
};
export type CancelOrders = ReturnType<typeof createCancelOrders>;
