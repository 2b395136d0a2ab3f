import type { Brokerage, BrokerOrder } from '@catalyst/brokerage';
import { later } from '@catalyst/domain';
import type { Clock } from '@catalyst/runtime';
import type { LocalReads } from '../store/local-database.ts';

/** An order may fill a little after it was thought to have ended. */
const STILL_OWN_MS = 15 * 60_000;

/**
 * The account as far as it is the client's: orders of its book, and everything in a stock while the
 * client has a position or an order in it. What else its owner holds there is never seen by the
 * order life, so that it is neither adopted, nor protected, nor sold.
 */
export const ownView = (
  broker: Brokerage,
  { database, clock }: { database: LocalReads; clock: Pick<Clock, 'latest'> },
): Brokerage => {
  const isOwnSymbol = (symbol: string): boolean =>
    database.one(
      `SELECT 1 WHERE EXISTS (SELECT 1 FROM positions WHERE symbol = ? AND status <> 'closed')
         OR EXISTS (SELECT 1 FROM orders WHERE symbol = ? AND row ->> 'updated_at' > ?)`,
      symbol,
      symbol,
      later(clock.latest(), -STILL_OWN_MS),
    ) !== undefined;
  const isInBook = (client_order_id: string | null, broker_order_id: string): boolean =>
    database.one(
      'SELECT 1 FROM orders WHERE client_order_id = ? OR broker_order_id = ?',
      client_order_id,
      broker_order_id,
    ) !== undefined;
  const isOwn = ({ client_order_id, id, symbol }: BrokerOrder): boolean =>
    isInBook(client_order_id, id) || isOwnSymbol(symbol);

  return {
    ...broker,
    account: {
      ...broker.account,
      listPositions: async (tellUnread) =>
        (await broker.account.listPositions(tellUnread)).filter(({ symbol }) =>
          isOwnSymbol(symbol),
        ),
      listFills: async (filter, tellUnread) =>
        (await broker.account.listFills(filter, tellUnread)).filter(
          ({ order_id, symbol }) => isInBook(null, order_id) || isOwnSymbol(symbol),
        ),
    },
    orders: {
      ...broker.orders,
      listOrders: async (filter, tellUnread) =>
        (await broker.orders.listOrders(filter, tellUnread)).filter(isOwn),
    },
    trade_updates: {
      subscribe: (handlers) =>
        broker.trade_updates.subscribe({
          ...handlers,
          onUpdate: (update) => {
            if (isOwn(update.order)) handlers.onUpdate(update);
          },
        }),
    },
  };
};
