import type { Account } from '../exchange/account.ts';
import type { TradeUpdate } from '../exchange/exchange-context.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Order } from '../exchange/order.ts';
import { MINUTE_MS } from '../market/trading-time.ts';
import type { FaultList, ListedFault } from './fault-list.ts';
import { placeOf, type OrderFault } from './fault-schema.ts';
import { namePattern } from './path-pattern.ts';

interface Deps {
  list: FaultList;
  exchange: Exchange;
  now(): number;
  onUpdate(listener: (account: Account, update: TradeUpdate) => void): void;
  onClock(listener: (now: number) => void): void;
}

interface Sentence {
  listed: ListedFault<OrderFault>;
  account: Account;
  order: Order;
  due: number;
}

const isOrders = (listed: ListedFault): listed is ListedFault<OrderFault> =>
  placeOf(listed.fault.where) === 'orders';

const concerns = (
  { fault: { where } }: ListedFault<OrderFault>,
  account: Account,
  order: Order,
): boolean =>
  (where.orders === '*' || where.orders === order.symbol) &&
  (where.account === undefined || where.account === account.account_number) &&
  (where.client_order_id === undefined ||
    namePattern(where.client_order_id).test(order.client_order_id));

export interface OrderFaults {
  /** Does to orders what is due; called when nothing is in the middle of happening. */
  settle(): void;
}

/**
 * Puts orders into the statuses that the list's order faults ask for. An order counts once, when
 * the exchange takes it; legs and replacements do not count. It happens after the answer to the
 * request that made the order, and later than that at the end of a minute. An order that cannot
 * take the status any more is left alone.
 */
export const createOrderFaults = ({
  list,
  exchange,
  now,
  onUpdate,
  onClock,
}: Deps): OrderFaults => {
  const counted = new WeakSet<Order>();
  let sentences: Sentence[] = [];

  onUpdate((account, update) => {
    const order = account.orders.get(update.order.id);
    if (!order || order.parent_id !== null || order.replaces !== null || counted.has(order)) return;
    counted.add(order);
    const listed = list.due(
      list
        .listed()
        .filter(
          (one): one is ListedFault<OrderFault> => isOrders(one) && concerns(one, account, order),
        ),
    );
    if (listed)
      sentences.push({
        listed,
        account,
        order,
        due: now() + listed.fault.what.after_minutes * MINUTE_MS,
      });
  });

  const settle = (): void => {
    const due = sentences.filter((one) => one.due <= now());
    if (due.length === 0) return;
    sentences = sentences.filter((one) => !due.includes(one));
    for (const { listed, account, order } of due) {
      const { what } = listed.fault;
      const before = order.status;
      const outcome =
        what.kind === 'reject'
          ? exchange.reject(account, order.id, what.reason)
          : exchange.scriptStatus(account, order.id, what.status);
      if (outcome.ok)
        list.record(listed, {
          account_number: account.account_number,
          order_id: order.id,
          client_order_id: order.client_order_id,
          from_status: before,
          to_status: order.status,
        });
    }
  };
  onClock(settle);
  return { settle };
};
