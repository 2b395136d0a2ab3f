import { Exact } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import type { Account } from '../../src/exchange/account.ts';
import type { Order } from '../../src/exchange/order.ts';
import type { Fill, Played } from './play.ts';

export const sum = (values: Iterable<Decimal>): Decimal =>
  [...values].reduce((total, value) => total.plus(value), new Exact(0));

/** All orders of all accounts. */
export const ordersOf = ({ simulation: { accounts } }: Played) =>
  accounts.flatMap((account) => [...account.orders.values()].map((order) => ({ account, order })));

/** The fills of one order. */
export const fillsOf = ({ fills }: Played, id: string): Fill[] =>
  fills.filter(({ order_id }) => order_id === id);

/** An order and all that it replaced. */
export function chainOf(account: Account, id: string): Order[] {
  const order = account.orders.get(id)!;
  return order.replaces === null ? [order] : [order, ...chainOf(account, order.replaces)];
}

/** Shares that an order and all that it replaced have filled. */
export function filledBy(account: Account, id: string): Decimal {
  return sum(chainOf(account, id).map((order) => order.filled_qty));
}
