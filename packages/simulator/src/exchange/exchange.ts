import { Exact } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import { MINUTE_MS } from '../market/trading-time.ts';
import { reservedForExits, type Account, type TransferActivity } from './account.ts';
import { createOrders } from './create-orders.ts';
import type { OrderStatus } from '@catalyst/domain';
import { scriptedStatuses, type ExchangeContext, type ScriptedStatus } from './exchange-context.ts';
import { bookFees, FEES_MINUTE } from './fees.ts';
import { bookTransfer } from './transfers.ts';
import { createArrivals } from './fill-on-arrival.ts';
import { isAtMarket } from './is-at-market.ts';
import { matchMinute } from './match-minute.ts';
import { checkOrder } from './order-checks/check-order.ts';
import { createOrderEffects } from './order-effects.ts';
import { readOrderRequest } from './read-order-request.ts';
import { mayBecome } from './order-states.ts';
import { isAlive, isOpen, toWireOrder, type Order, type WireOrder } from './order.ts';
import { accept, notFound, unprocessable, type Outcome } from './refusal.ts';
import { createReplacements } from './replacements.ts';
import { valueAccount } from './value-account.ts';

/**
 * The exchange and the broker before it: takes orders, keeps accounts, and lets minutes happen when
 * told.
 */
export interface Exchange {
  submit(account: Account, body: unknown): Outcome<Order>;
  cancel(account: Account, orderId: string): Outcome<null>;
  replace(account: Account, orderId: string, body: unknown): Outcome<Order>;
  /**
   * Cancels every order that stands for itself; returns what was canceled. A replacement that is on
   * its way is put into its place first.
   */
  cancelAll(account: Account, symbol?: string): Order[];
  /** A market order for `qty` shares of a position, or for all that no exit has reserved. */
  closePosition(account: Account, symbol: string, qty: Decimal | null): Outcome<Order>;
  /**
   * Puts an order into a status as a fault script asks: any move that the state machine allows.
   * `canceled`, `expired` and `rejected` take with them what depends on the order; fills,
   * replacements and waiting legs cannot be scripted and are refused (42210000).
   */
  scriptStatus(account: Account, orderId: string, status: OrderStatus): Outcome<Order>;
  /** Rejects an order that had been taken, with `failed_at`; `reason` is kept in the ledger. */
  reject(account: Account, orderId: string, reason: string): Outcome<Order>;
  order(account: Account, orderId: string): Order | undefined;
  wireOrder(account: Account, order: Order, nested: boolean): WireOrder;
  /**
   * The order as the answer to its request shows it, with its legs: as it was taken, before it has
   * reached the exchange.
   */
  answer(account: Account, order: Order): WireOrder;
  /**
   * What the mere passing of time ends within a minute: cancels and replacements that were under
   * way.
   */
  passTime(): void;
  /**
   * What happens when the minute is over: fills, then what the new minute opens or closes. The
   * clock already shows the end of the minute.
   */
  finishMinute(minute: number): void;
  /** The owner of an account moves cash into it, or out of it where the amount is negative. */
  transfer(account: Account, amount: Decimal): TransferActivity;
}

export const createExchange = (
  context: ExchangeContext,
  accounts: readonly Account[],
): Exchange => {
  const effects = createOrderEffects(context);
  const arrivals = createArrivals(context, effects);
  const { market, ledger } = context;
  const { time } = market;

  const wireOrder = (account: Account, order: Order, nested: boolean): WireOrder =>
    toWireOrder(order, nested ? effects.legsOf(account, order) : null);

  /**
   * The answer to the client shows the order as it was taken; what the quote fills comes right
   * after it.
   */
  const meetQuote = (account: Account, order: Order): void => {
    if (context.options.fills !== 'at_once') return;
    arrivals.arrive(account, order);
    queueMicrotask(arrivals.meetAll);
  };

  const replacements = createReplacements(context, effects, meetQuote);

  const submit: Exchange['submit'] = (account, body) => {
    const request = readOrderRequest(body);
    if (!request.ok) return request;
    const checked = checkOrder(context, account, request.value);
    if (!checked.ok) return checked;
    const order = createOrders(context, account, request.value);
    ledger.append('order', context.now(), {
      account_number: account.account_number,
      order: wireOrder(account, order, true),
    });
    if (order.status === 'new') {
      order.status = 'pending_new';
      effects.announce(account, order, 'pending_new');
      effects.openForTrading(account, order);
    } else {
      effects.announce(account, order, 'accepted');
    }
    for (const leg of effects.legsOf(account, order)) effects.announce(account, leg, 'held');
    effects.recordAccount(account);
    meetQuote(account, order);
    return accept(order);
  };

  const cancel: Exchange['cancel'] = (account, orderId) => {
    const order = account.orders.get(orderId);
    if (!order) return notFound(`order not found for ${orderId}`);
    replacements.hasten(order);
    if (order.status === 'pending_cancel') return unprocessable('order pending cancel');
    if (!isAlive(order) || order.status === 'pending_replace')
      return unprocessable(`order is already in "${order.status}" state`);
    effects.requestCancel(account, order);
    replacements.settle(account);
    return accept(null);
  };

  const reject: Exchange['reject'] = (account, orderId, reason) => {
    const order = account.orders.get(orderId);
    if (!order) return notFound(`order not found for ${orderId}`);
    if (!mayBecome(order.status, 'rejected'))
      return unprocessable(`order is already in "${order.status}" state`);
    effects.reject(account, order);
    replacements.settle(account);
    ledger.append('order', context.now(), {
      account_number: account.account_number,
      reason,
      order: wireOrder(account, order, true),
    });
    return accept(order);
  };

  const isScripted = (status: OrderStatus): status is ScriptedStatus =>
    scriptedStatuses.some((one) => one === status);

  const scriptStatus: Exchange['scriptStatus'] = (account, orderId, status) => {
    if (status === 'rejected') return reject(account, orderId, 'scripted');
    const order = account.orders.get(orderId);
    if (!order) return notFound(`order not found for ${orderId}`);
    // An order that goes on after it was held up shows what it has filled.
    const next = status === 'new' && !order.filled_qty.isZero() ? 'partially_filled' : status;
    if (!mayBecome(order.status, next))
      return unprocessable(`an order that is "${order.status}" cannot become "${status}"`);
    const isBeingReplaced = order.replacement !== null || order.takes_over_at !== null;
    if (status === 'canceled') effects.cancel(account, order);
    else if (status === 'expired') effects.expire(account, order);
    else if (isScripted(status) && isOpen(order) && !isBeingReplaced)
      effects.changeStatus(account, order, next as ScriptedStatus | 'partially_filled', status);
    else return unprocessable(`status "${status}" cannot be scripted`);
    replacements.settle(account);
    return accept(order);
  };

  /**
   * Ends what is not good till canceled. A plain order for the day that has filled in part is done
   * for the day at the close, and over when the extended session is.
   */
  const expire = (account: Account, isClose: boolean): void => {
    for (const order of [...account.alive.values()]) {
      if (!isAlive(order) || order.time_in_force === 'gtc' || order.expires_at > context.now())
        continue;
      if (order.time_in_force !== 'day') effects.cancel(account, order);
      else if (isClose && order.order_class === 'simple' && order.status === 'partially_filled')
        effects.changeStatus(account, order, 'done_for_day', 'done_for_day');
      else effects.expire(account, order);
    }
  };

  /**
   * Cancels that were under way and whose time has come; what has filled meanwhile is no longer
   * alive.
   */
  const endCancels = (account: Account): void => {
    if ((context.options.latency_ms ?? 0) === 0) return;
    for (const order of [...account.alive.values()])
      if (order.cancels_at !== null && order.cancels_at <= context.now() && isAlive(order))
        effects.cancel(account, order);
  };
  const passTime = (): void => {
    arrivals.meetAll();
    for (const account of accounts) {
      endCancels(account);
      replacements.settle(account);
    }
    arrivals.meetAll();
  };

  return {
    submit,
    cancel,
    reject,
    scriptStatus,
    wireOrder,
    answer: (account, order) => ({
      ...wireOrder(account, order, true),
      status: order.status === 'new' ? 'pending_new' : order.status,
    }),
    order: (account, orderId) => account.orders.get(orderId),
    replace: (account, orderId, body) => {
      const order = account.orders.get(orderId);
      if (!order) return notFound(`order not found for ${orderId}`);
      return replacements.replace(account, order, body);
    },
    cancelAll: (account, symbol) => {
      const canceled: Order[] = [];
      for (const order of [...account.alive.values()]) {
        if (symbol !== undefined && order.symbol !== symbol) continue;
        const { replacement } = order;
        if (replacement) replacements.hasten(replacement);
        const target = replacement && isAlive(replacement) ? replacement : order;
        if (!isAlive(target) || target.status === 'held' || target.status === 'pending_cancel')
          continue;
        effects.requestCancel(account, target);
        canceled.push(target);
      }
      replacements.settle(account);
      return canceled;
    },
    closePosition: (account, symbol, qty) => {
      const position = account.positions.get(symbol);
      if (!position) return notFound('position does not exist');
      const existing = position.qty.abs();
      const available = existing.minus(reservedForExits(account, symbol).qty);
      const asked = qty ?? (available.gt(0) ? available : existing);
      return submit(account, {
        symbol,
        qty: asked.toFixed(),
        side: position.qty.isNegative() ? 'buy' : 'sell',
        type: 'market',
        time_in_force: 'day',
      });
    },
    transfer: (account, amount) => {
      const activity = bookTransfer(context, account, amount);
      effects.recordAccount(account);
      return activity;
    },
    passTime,
    finishMinute: (minute) => {
      const boundary = minute + 1;
      for (const account of accounts) {
        if (account.alive.size > 0) matchMinute(context, effects, account, minute);
        endCancels(account);
        replacements.settle(account);
        if (boundary === time.close_minute || boundary === time.extended_close_minute)
          expire(account, boundary === time.close_minute);
        replacements.settle(account);
        if (boundary === time.open_minute || boundary === time.extended_open_minute) {
          for (const order of [...account.alive.values()])
            if (order.status === 'accepted' && isAtMarket(context, order))
              effects.openForTrading(account, order);
        }
        if (boundary === FEES_MINUTE && account.activities.length > 0) {
          bookFees(context, account);
          effects.recordAccount(account);
        }
        const equity =
          account.positions.size === 0
            ? account.cash
            : valueAccount(account, market, context.finished()).equity;
        account.equity_curve.push({
          at_ms: time.midnight_ms + boundary * MINUTE_MS,
          equity: new Exact(equity),
        });
      }
      arrivals.meetAll();
    },
  };
};
