import { Exact } from '@catalyst/domain';
import { Decimal } from 'decimal.js';
import { MINUTE_MS } from '../market/trading-time.ts';
import { reservedForExits, valueAccount, type Account } from './account.ts';
import { createOrders } from './create-orders.ts';
import type { ExchangeContext } from './exchange-context.ts';
import { matchMinute } from './match-minute.ts';
import { checkOrder } from './order-checks.ts';
import { createOrderEffects } from './order-effects.ts';
import { readOrderRequest } from './order-request.ts';
import { isAlive, toWireOrder, type Order, type WireOrder } from './order.ts';
import { accept, forbidden, notFound, unprocessable, type Outcome } from './refusal.ts';
import { replaceOrder } from './replace-order.ts';

/** The exchange and the broker before it: takes orders, keeps accounts, and lets minutes happen when told. */
export interface Exchange {
  submit(account: Account, body: unknown): Outcome<Order>;
  cancel(account: Account, orderId: string): Outcome<null>;
  replace(account: Account, orderId: string, body: unknown): Outcome<Order>;
  /** Cancels every order that stands for itself; returns what was canceled. */
  cancelAll(account: Account, symbol?: string): Order[];
  /** A market order for `qty` shares of a position, or for all that no exit has reserved. */
  closePosition(account: Account, symbol: string, qty: Decimal | null): Outcome<Order>;
  order(account: Account, orderId: string): Order | undefined;
  wireOrder(account: Account, order: Order, nested: boolean): WireOrder;
  /** What happens when the minute is over: fills, then what the new minute opens or closes. The clock already shows the end of the minute. */
  finishMinute(minute: number): void;
}

export const createExchange = (context: ExchangeContext, accounts: readonly Account[]): Exchange => {
  const effects = createOrderEffects(context);
  const { market, ledger } = context;
  const { time } = market;

  const wireOrder = (account: Account, order: Order, nested: boolean): WireOrder => toWireOrder(order, nested ? effects.legsOf(account, order) : null);

  const submit: Exchange['submit'] = (account, body) => {
    const request = readOrderRequest(body);
    if (!request.ok) return request;
    const checked = checkOrder(context, account, request.value);
    if (!checked.ok) return checked;
    const order = createOrders(context, account, request.value);
    ledger.append('order', context.now(), { account_number: account.account_number, order: wireOrder(account, order, true) });
    const status = order.status;
    if (status === 'new') {
      order.status = 'pending_new';
      effects.announce(account, order, 'pending_new');
      order.status = status;
    }
    effects.announce(account, order, status === 'new' ? 'new' : 'accepted');
    for (const leg of effects.legsOf(account, order)) effects.announce(account, leg, 'held');
    effects.recordAccount(account);
    return accept(order);
  };

  const cancel: Exchange['cancel'] = (account, orderId) => {
    const order = account.orders.get(orderId);
    if (!order) return notFound(`order not found for ${orderId}`);
    if (!isAlive(order)) return unprocessable(`order is already in "${order.status}" state`);
    effects.cancel(account, order);
    return accept(null);
  };

  const expire = (account: Account): void => {
    for (const order of [...account.alive.values()]) {
      if (isAlive(order) && order.time_in_force === 'day' && order.expires_at <= context.now()) effects.expire(account, order);
    }
  };

  return {
    submit,
    cancel,
    wireOrder,
    order: (account, orderId) => account.orders.get(orderId),
    replace: (account, orderId, body) => {
      const order = account.orders.get(orderId);
      return order ? replaceOrder(context, effects, account, order, body) : notFound(`order not found for ${orderId}`);
    },
    cancelAll: (account, symbol) => {
      const canceled: Order[] = [];
      for (const order of [...account.alive.values()]) {
        if (!isAlive(order) || (symbol !== undefined && order.symbol !== symbol)) continue;
        if (order.status === 'held') continue;
        effects.cancel(account, order);
        canceled.push(order);
      }
      return canceled;
    },
    closePosition: (account, symbol, qty) => {
      const position = account.positions.get(symbol);
      if (!position) return notFound('position does not exist');
      const existing = position.qty.abs();
      const held = reservedForExits(account, symbol).qty;
      const available = Decimal.max(0, existing.minus(held));
      const asked = qty ?? (held.isZero() ? existing : available);
      if (asked.lte(0) || asked.gt(available)) {
        return forbidden(`insufficient qty available for order (requested: ${(qty ?? existing).toFixed()}, available: ${available.toFixed()})`, { symbol });
      }
      return submit(account, { symbol, qty: asked.toFixed(), side: position.qty.isNegative() ? 'buy' : 'sell', type: 'market', time_in_force: 'day' });
    },
    finishMinute: (minute) => {
      const boundary = minute + 1;
      for (const account of accounts) {
        if (account.alive.size > 0) matchMinute(context, effects, account, minute);
        if (boundary === time.close_minute || boundary === time.extended_close_minute) expire(account);
        if (boundary === time.open_minute) {
          for (const order of [...account.alive.values()]) if (order.status === 'accepted') effects.openForTrading(account, order);
        }
        const equity = account.positions.size === 0 ? account.cash : valueAccount(account, market, context.finished()).equity;
        account.equity_curve.push({ at_ms: time.midnight_ms + boundary * MINUTE_MS, equity: new Exact(equity) });
      }
    },
  };
};
