import type { BrokerAccount, BrokerFill, BrokerOrder, BrokerPosition } from '@catalyst/brokerage';
import type { Reconciliation } from '@catalyst/contracts';
import {
  compare,
  inNewYork,
  later,
  newYorkTime,
  stableId,
  subtract,
  symbol as symbolSchema,
  type DecimalString,
  type Instant,
  type Side,
} from '@catalyst/domain';
import type { Transaction } from '@catalyst/service-kit';
import { insertFill, knownExecutions } from '../store/fills.ts';
import { addOrderEvent, insertOrder, listLiveOrders, updateOrder } from '../store/orders.ts';
import {
  insertPosition,
  listOpenPositions,
  readOpenPosition,
  type PositionRow,
} from '../store/positions.ts';
import { earliestOpen, securityIdOf } from '../store/records.ts';
import type { FlowDeps } from './flow-deps.ts';
import type { Execution, RecordOrderUpdates } from './record-order-updates.ts';
import { createRebook } from './rebook-position.ts';

export type Difference = Reconciliation['differences'][number];

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
/**
 * Marks executions that the desk had to assume, because the broker holds other shares than its
 * orders explain.
 */
export const ASSUMED = 'assumed-';

/** Shares as the broker writes them: negative for a short position. */
export const signedQty = ({ direction, qty }: PositionRow): DecimalString =>
  direction === 'long' || qty === '0' ? qty : `-${qty}`;
const absolute = (qty: DecimalString): DecimalString => qty.replace(/^-/, '');

/**
 * Takes over the broker's truth: what became of the desk's orders, executions that were missed,
 * orders and shares that others brought. What merely was not heard yet is no difference; what the
 * desk cannot explain by its own acts is one, and is named.
 */
export const createSyncWithBroker = (
  deps: FlowDeps,
  recordOrderUpdates: RecordOrderUpdates,
): SyncWithBroker => {
  const { broker, database, clock, audit, log } = deps;
  const rebook = createRebook(deps);

  const since = async (now: Instant): Promise<Instant> => {
    const midnight = newYorkTime(inNewYork(now).date, '00:00');
    const earliest = await earliestOpen(database, midnight);
    return later(earliest !== null && earliest < midnight ? earliest : midnight, -CLOCK_MARGIN_MS);
  };

  /** One assumed order with its execution, so that the book holds what the broker holds. */
  const assume = async (
    tx: Transaction,
    symbol: string,
    side: Side,
    qty: DecimalString,
    price: DecimalString,
    n: number,
  ): Promise<void> => {
    const at = clock.now();
    const security_id = await securityIdOf(tx, symbol);
    const held = await readOpenPosition(tx, security_id);
    const id = `${ASSUMED}${stableId('assumed', symbol, at, n)}`;
    const isExit =
      held !== undefined &&
      compare(held.qty, 0) > 0 &&
      (held.direction === 'long') === (side === 'sell');
    const position_id = held?.position_id ?? stableId('adopted_position', id);
    if (!held)
      await insertPosition(tx, {
        position_id,
        cycle_id: null,
        security_id,
        intent_id: null,
        direction: side === 'buy' ? 'long' : 'short',
        initial_stop_price: null,
        target_price: null,
        is_adopted: true,
        created_at: at,
      });
    const isNew = await insertOrder(tx, {
      client_order_id: id,
      broker_order_id: null,
      parent_client_order_id: null,
      approval_id: null,
      cycle_id: held?.cycle_id ?? null,
      position_id,
      security_id,
      side,
      role: isExit ? 'exit' : 'entry',
      type: 'market',
      order_class: 'simple',
      time_in_force: 'day',
      qty,
      filled_qty: qty,
      filled_avg_price: price,
      limit_price: null,
      stop_price: null,
      status: 'filled',
      reason: 'the broker holds other shares than its orders explain',
      exit_reason: isExit ? 'external' : null,
      is_adopted: true,
      request: { assumed: true },
      created_at: at,
      updated_at: at,
    });
    if (!isNew) return;
    await insertFill(tx, { execution_id: id, client_order_id: id, qty, price, filled_at: at });
    await addOrderEvent(tx, {
      client_order_id: id,
      event: 'assumed',
      status: 'filled',
      source: 'rest',
      occurred_at: at,
    });
    audit(tx, {
      actor: 'trading',
      action: 'shares_adopted',
      subject: symbol,
      details: { side, qty, price },
    });
    log.warn('shares_adopted', { symbol, side, qty, price });
    await rebook(tx, position_id);
  };

  const compareShares = async (
    tx: Transaction,
    held: readonly BrokerPosition[],
  ): Promise<Difference[]> => {
    const differences: Difference[] = [];
    const ours = new Map(
      (await listOpenPositions(tx)).map((position) => [position.symbol, position]),
    );
    const theirs = new Map(
      held
        .filter(
          ({ symbol, asset_class }) =>
            asset_class === 'us_equity' && symbolSchema.safeParse(symbol).success,
        )
        .map((position) => [position.symbol, position]),
    );
    for (const symbol of [...new Set([...ours.keys(), ...theirs.keys()])].sort()) {
      const position = ours.get(symbol);
      const desk_qty = position ? signedQty(position) : '0';
      const at_broker = theirs.get(symbol);
      const broker_qty = at_broker?.qty ?? '0';
      if (compare(desk_qty, broker_qty) === 0) continue;
      differences.push({
        kind: 'position',
        symbol,
        desk: desk_qty,
        broker: broker_qty,
        action: 'took over what the broker holds',
      });
      const price = at_broker?.avg_entry_price ?? position?.last_price ?? position?.entry_price;
      if (!price) continue;
      const flips =
        desk_qty.startsWith('-') !== broker_qty.startsWith('-') &&
        compare(desk_qty, 0) !== 0 &&
        compare(broker_qty, 0) !== 0;
      const steps = flips
        ? [subtract('0', desk_qty), broker_qty]
        : [subtract(broker_qty, desk_qty)];
      for (const [n, step] of steps.entries())
        await assume(tx, symbol, step.startsWith('-') ? 'sell' : 'buy', absolute(step), price, n);
    }
    return differences;
  };

  /** Orders that the book thinks alive and the broker does not have. */
  const dropLost = async (tx: Transaction, listed: ReadonlySet<string>): Promise<Difference[]> => {
    const differences: Difference[] = [];
    for (const row of await listLiveOrders(tx)) {
      if (row.broker_order_id === null || listed.has(row.broker_order_id)) continue;
      await updateOrder(tx, {
        ...row,
        status: 'canceled',
        reason: 'the broker does not have it',
        updated_at: clock.now(),
      });
      await addOrderEvent(tx, {
        client_order_id: row.client_order_id,
        event: 'lost',
        status: 'canceled',
        source: 'rest',
        occurred_at: clock.now(),
      });
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

  return async () => {
    const from = await since(clock.now());
    const { account, orders: reads } = broker;
    const [all, open, fills, held, standing] = await Promise.all([
      reads.listOrders({ status: 'all', nested: true, after: from }),
      reads.listOrders({ status: 'open', nested: true }),
      account.listFills({ after: from }),
      account.listPositions(),
      account.getAccount(),
    ]);
    const topLevel = new Map<string, BrokerOrder>(all.map((order) => [order.id, order]));
    const legs = new Set(all.flatMap((order) => order.legs.map(({ id }) => id)));
    // a leg whose parent has ended is listed by itself
    for (const order of open)
      if (!topLevel.has(order.id) && !legs.has(order.id)) topLevel.set(order.id, order);
    const known = await knownExecutions(
      database,
      fills.map(({ execution_id }) => execution_id),
    );
    const executions = fills
      .filter(({ execution_id }) => !known.has(execution_id))
      .map((fill): Execution => ({
        execution_id: fill.execution_id,
        broker_order_id: fill.order_id,
        qty: fill.qty,
        price: fill.price,
        filled_at: fill.transaction_time,
      }));

    const differences = await database.transaction(async (tx) => {
      const { adopted, orphans } = await recordOrderUpdates(tx, {
        orders: [...topLevel.values()],
        executions,
        source: 'rest',
      });
      return [
        ...adopted.map((row): Difference => ({
          kind: 'order',
          symbol: row.symbol,
          desk: 'none',
          broker: `${row.side} ${row.qty} ${row.status}`,
          action: 'adopted and flagged',
        })),
        ...orphans.map((fill): Difference => ({
          kind: 'fill',
          symbol: null,
          desk: 'none',
          broker: `${fill.qty} at ${fill.price} (${fill.execution_id})`,
          action: 'its order is not in the book',
        })),
        ...(await dropLost(
          tx,
          new Set([
            ...topLevel.keys(),
            ...legs,
            ...open.flatMap((order) => order.legs.map(({ id }) => id)),
          ]),
        )),
        ...(await compareShares(tx, held)),
      ];
    });
    if (differences.length > 0) log.warn('broker_differs', { differences });
    return { since: from, differences, account: standing, fills };
  };
};
