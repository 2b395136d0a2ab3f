import type {
  BrokerAccount,
  BrokerFee,
  BrokerFill,
  BrokerOrder,
  BrokerPosition,
  UnreadItem,
} from '@catalyst/brokerage';
import { orderReasons } from '@catalyst/contracts';
import { inNewYork, later, newYorkTime, type Instant } from '@catalyst/domain';
import { AppError } from '@catalyst/runtime';
import type { BookTransaction } from '../book.ts';
import type { OrderRow } from '../book-rows.ts';
import { eachOnce, hides, unreadDifference } from '../domain/unread.ts';
import type { LifeDeps } from './life-deps.ts';
import { createRebook } from './rebook-position.ts';
import type { Execution, RecordOrderUpdates } from './record-order-updates.ts';
import { createTakeOverShares, type Difference } from './take-over-shares.ts';

export interface Synced {
  /** From when on orders and executions were compared. */
  since: Instant;
  differences: Difference[];
  account: BrokerAccount;
  fills: BrokerFill[];
}
export type SyncWithBroker = () => Promise<Synced>;

/** How much earlier than the desk's own times the broker is asked: clocks differ. */
const CLOCK_MARGIN_MS = 300_000;
/** Looks at a desk that goes on working meanwhile. */
const LOOKS = 5;
/** Fees are charged in the night after the trades, over a long weekend too. */
const FEES_WITHIN_MS = 5 * 86_400_000;
interface BrokerTruth {
  /** Orders with their legs; a leg whose parent has ended is an order here. */
  orders: BrokerOrder[];
  /** Ids of all orders and legs that the broker has. */
  listed: ReadonlySet<string>;
  fills: BrokerFill[];
  held: BrokerPosition[];
  fees: BrokerFee[];
  account: BrokerAccount;
  /** What could not be read of orders, executions, shares and fees. */
  unread: UnreadItem[];
}

const legIds = (orders: readonly BrokerOrder[]): string[] =>
  orders.flatMap((order) => order.legs.map(({ id }) => id));

/** Each order once, of the list of all from an instant on and the list of those that are open. */
const sortOut = (
  all: readonly BrokerOrder[],
  open: readonly BrokerOrder[],
): Pick<BrokerTruth, 'orders' | 'listed'> => {
  const topLevel = new Map(all.map((order) => [order.id, order]));
  const legs = new Set(legIds(all));
  // a leg whose parent has ended is listed by itself
  for (const order of open)
    if (!topLevel.has(order.id) && !legs.has(order.id)) topLevel.set(order.id, order);
  return {
    orders: [...topLevel.values()],
    listed: new Set([...topLevel.keys(), ...legs, ...legIds(open)]),
  };
};

const adoptedDifference = ({ symbol, side, qty, status }: OrderRow): Difference => ({
  kind: 'order',
  symbol,
  desk: 'none',
  broker: `${side} ${qty} ${status}`,
  action: 'adopted and flagged',
});

const orphanDifference = ({ qty, price, execution_id }: Execution): Difference => ({
  kind: 'fill',
  symbol: null,
  desk: 'none',
  broker: `${qty} at ${price} (${execution_id})`,
  action: 'its order is not in the book',
});

/**
 * Takes over the broker's truth: what became of the desk's orders, executions that were missed,
 * orders and shares that others brought. What merely was not heard yet is no difference; what the
 * desk cannot explain by its own acts is one, and is named.
 */
export const createSyncWithBroker = (
  deps: LifeDeps,
  recordOrderUpdates: RecordOrderUpdates,
  moves: () => number,
): SyncWithBroker => {
  const { broker, book, clock, log } = deps;
  const rebook = createRebook(deps);
  const takeOverShares = createTakeOverShares(deps);

  const since = async (now: Instant): Promise<Instant> => {
    const midnight = newYorkTime(inNewYork(now).date, '00:00');
    const earliest = await book.earliestOpen(midnight);
    return later(earliest !== null && earliest < midnight ? earliest : midnight, -CLOCK_MARGIN_MS);
  };

  /** Orders that the book thinks alive and the broker does not have. */
  const dropLost = async (
    tx: BookTransaction,
    listed: ReadonlySet<string>,
    unread: readonly UnreadItem[],
  ): Promise<Difference[]> => {
    const differences: Difference[] = [];
    for (const row of await tx.listLiveOrders()) {
      if (row.broker_order_id === null || listed.has(row.broker_order_id)) continue;
      if (hides(unread, row.symbol)) continue;
      await tx.changeOrder(
        {
          ...row,
          status: 'canceled',
          reason: orderReasons.missing,
          updated_at: clock.now(),
        },
        { event: 'lost', source: 'rest' },
      );
      if (row.position_id !== null) await rebook(tx, row.position_id);
      differences.push({
        kind: 'order',
        symbol: row.symbol,
        desk: `${row.side} ${row.qty} ${row.status}`,
        broker: 'none',
        action: 'marked as canceled',
      });
    }
    return differences;
  };

  /** Everything the broker says of orders, executions and shares from an instant on. */
  const readBroker = async (from: Instant): Promise<BrokerTruth> => {
    const { account, orders } = broker;
    const unread: UnreadItem[] = [];
    const tell = (item: UnreadItem): void => void unread.push(item);
    const [all, open, fills, held, fees, standing] = await Promise.all([
      orders.listOrders({ status: 'all', nested: true, after: from }, tell),
      orders.listOrders({ status: 'open', nested: true }, tell),
      account.listFills({ after: from }, tell),
      account.listPositions(tell),
      account.listFees({ after: later(from, -FEES_WITHIN_MS) }, tell),
      account.getAccount(),
    ]);
    return {
      ...sortOut(all, open),
      fills,
      held,
      fees,
      account: standing,
      unread: eachOnce(unread),
    };
  };

  /** The fills whose executions the book does not have. */
  const missedExecutions = async (fills: readonly BrokerFill[]): Promise<Execution[]> => {
    const known = await book.knownExecutions(fills.map(({ execution_id }) => execution_id));
    return fills
      .filter(({ execution_id }) => !known.has(execution_id))
      .map((fill) => ({
        execution_id: fill.execution_id,
        broker_order_id: fill.order_id,
        qty: fill.qty,
        price: fill.price,
        filled_at: fill.transaction_time,
      }));
  };

  /** Orders of options and the like, whose executions look like a stock's. */
  const foreignOrders = new Set<string>();
  /**
   * The orders of executions that neither the lists nor the book have: older ones, that others
   * placed. Those of no US stock are remembered, so that nothing of theirs is counted.
   */
  const readUnlisted = async (
    executions: readonly Execution[],
    listed: ReadonlySet<string>,
  ): Promise<BrokerOrder[]> => {
    const unlisted = new Set(
      executions
        .map(({ broker_order_id }) => broker_order_id)
        .filter((id) => !listed.has(id) && !foreignOrders.has(id)),
    );
    const known = await book.findOrders([], [...unlisted]);
    for (const { broker_order_id } of known) unlisted.delete(broker_order_id!);
    const found: BrokerOrder[] = [];
    for (const id of unlisted) {
      if (!(await broker.orders.isStockOrder(id))) foreignOrders.add(id);
      else {
        const order = await readOrNull(id);
        if (order) found.push(order);
      }
    }
    return found;
  };
  const readOrNull = async (id: string): Promise<BrokerOrder | null> => {
    try {
      return await broker.orders.getOrder(id);
    } catch (error) {
      // its execution stays a difference
      if (error instanceof AppError && error.code === 'VENDOR_ANSWERED_GARBAGE') return null;
      throw error;
    }
  };

  /** One look; null where the desk or the broker moved meanwhile, so that it shows no one instant. */
  const look = async (isLast: boolean): Promise<Synced | null> => {
    const from = await since(clock.now());
    const before = moves();
    const { orders, listed, fills, held, fees, account, unread } = await readBroker(from);
    const unreadOf = (...lists: string[]) => unread.filter(({ list }) => lists.includes(list));
    const missed = await missedExecutions(fills);
    const unlisted = await readUnlisted(missed, listed);
    const executions = missed.filter((one) => !foreignOrders.has(one.broker_order_id));
    const differences = await book.transaction(async (tx) => {
      const isOld = moves() !== before;
      if (isOld && !isLast) return null;
      await tx.saveFees(fees, clock.now());
      const recorded = await recordOrderUpdates(tx, {
        orders: [...orders, ...unlisted],
        executions,
        source: 'rest',
      });
      return [
        ...recorded.adopted.map(adoptedDifference),
        ...recorded.orphans.map(orphanDifference),
        // nothing is concluded from what is missing in a picture that is blurred
        ...(isOld ? [] : await dropLost(tx, listed, unreadOf('orders', 'legs'))),
        ...(isOld ? [] : await takeOverShares(tx, held, unreadOf('positions'))),
        ...unread.map(unreadDifference),
      ];
    });
    if (differences === null) return null;
    if (differences.length > 0) log.warn('broker_differs', { differences });
    return {
      since: from,
      differences,
      account,
      fills: fills.filter(({ order_id }) => !foreignOrders.has(order_id)),
    };
  };

  return async () => {
    for (let looks = 1; ; looks += 1) {
      const synced = await look(looks === LOOKS);
      if (synced) return synced;
    }
  };
};
