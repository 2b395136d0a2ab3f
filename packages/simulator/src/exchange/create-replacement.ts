import { Exact, stableId, toDecimalString } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import { reservedForExits, type Account } from './account.ts';
import type { ExchangeContext } from './exchange-context.ts';
import { expiresAt } from './expires-at.ts';
import { isAtMarket } from './is-at-market.ts';
import { checkWashTrade } from './order-checks/account-checks.ts';
import { checkTimeInForce } from './order-checks/market-checks.ts';
import {
  checkExitPrices,
  checkLimitDistance,
  checkStopPrice,
  checkTrail,
} from './order-checks/price-checks.ts';
import type { OrderEffects } from './order-effects.ts';
import { mayBecome } from './order-states.ts';
import { isAlive, remainingQty, type Order } from './order.ts';
import { readReplacement, type Changes } from './read-replacement.ts';
import {
  accept,
  firstRefusal,
  forbidden,
  invalidField,
  unprocessable,
  type Outcome,
} from './refusal.ts';
import { needsFullMargin, reservedValue, valueAccount } from './value-account.ts';

/** Whether an order can be replaced in the state that it is in. */
const checkReplaceable = (order: Order): Outcome<null> => {
  if (order.status === 'replaced') return unprocessable('order already replaced');
  if (['accepted', 'pending_new', 'pending_cancel', 'pending_replace'].includes(order.status))
    return unprocessable(`cannot replace order in ${order.status} status`);
  if (order.status !== 'held' && !mayBecome(order.status, 'pending_replace'))
    return unprocessable('unable to replace order, order is not open');
  return order.notional ? unprocessable('notional orders cannot be replaced') : accept(null);
};

const isMoved = (from: Decimal | null, to: Decimal | null): boolean =>
  from !== null && to !== null && !from.eq(to);

/**
 * The exits that belong to an order, or to whose pair it belongs, must stay on their sides of the
 * price and of each other.
 */
const checkExits = (
  context: ExchangeContext,
  effects: OrderEffects,
  account: Account,
  order: Order,
  changes: Changes,
): Outcome<null> => {
  const changed = { ...order, ...changes };
  if (order.role === 'entry') {
    const legs = effects.legsOf(account, order);
    const target = legs.find(({ role }) => role === 'take_profit')?.limit_price;
    const stop = legs.find(({ role }) => role === 'stop_loss');
    return checkExitPrices(context, {
      ...changed,
      take_profit: target ? { limit_price: target } : null,
      stop_loss: stop?.stop_price
        ? { stop_price: stop.stop_price, limit_price: stop.limit_price }
        : null,
    });
  }
  const sibling = order.sibling_id === null ? undefined : account.orders.get(order.sibling_id);
  const [target, stop] =
    order.role === 'take_profit'
      ? [changed.limit_price, sibling?.stop_price]
      : [sibling?.limit_price, changed.stop_price];
  if (
    !sibling ||
    !isAlive(sibling) ||
    !target ||
    !stop ||
    (order.side === 'sell' ? target.gt(stop) : target.lt(stop))
  )
    return accept(null);
  return unprocessable(
    `take_profit.limit_price must be ${order.side === 'sell' ? '>' : '<'} stop_loss.stop_price`,
  );
};

/**
 * A replacement must pass what a new order of its prices would: a stop not yet passed, a limit not
 * too far away, exits in their places, no wash trade.
 */
const checkMarket = (
  context: ExchangeContext,
  effects: OrderEffects,
  account: Account,
  order: Order,
  changes: Changes,
): Outcome<null> => {
  const changed = { ...order, ...changes };
  const checks = [
    () =>
      changes.time_in_force === order.time_in_force
        ? accept(null)
        : checkTimeInForce(context, changed),
    () =>
      isMoved(order.limit_price, changes.limit_price)
        ? checkLimitDistance(context, changed)
        : accept(null),
    () =>
      isMoved(order.stop_price, changes.stop_price) && !order.triggered
        ? checkStopPrice(context, changed)
        : accept(null),
    () =>
      isMoved(order.trail_price, changes.trail_price) ||
      isMoved(order.trail_percent, changes.trail_percent)
        ? checkTrail(context, changed)
        : accept(null),
    () =>
      isMoved(order.limit_price, changes.limit_price) ||
      isMoved(order.stop_price, changes.stop_price)
        ? checkExits(context, effects, account, order, changes)
        : accept(null),
    () => (order.role === 'entry' ? checkWashTrade(account, changed) : accept(null)),
  ];
  return firstRefusal(checks);
};

/** A larger order must find its shares or its buying power as a new one would. */
const checkGrowth = (
  context: ExchangeContext,
  account: Account,
  order: Order,
  changes: Changes,
): Outcome<null> => {
  const finished = context.finished();
  if (order.position_intent.endsWith('_to_close')) {
    const growth = changes.qty.minus(order.qty);
    const existing =
      account.positions.get(order.symbol)?.qty.abs() ?? changes.qty.minus(changes.qty);
    const available = Exact.max(0, existing.minus(reservedForExits(account, order.symbol).qty));
    if (growth.lte(available) || order.works_from === null) return accept(null);
    return forbidden(
      `insufficient qty available for order (requested: ${toDecimalString(growth)}, available: ${toDecimalString(available)})`,
      { symbol: order.symbol },
    );
  }
  const before = reservedValue(context.market, finished, order, remainingQty(order));
  const after = reservedValue(
    context.market,
    finished,
    { ...order, ...changes },
    changes.qty.minus(order.filled_qty),
  );
  const { buying_power, multiplier } = valueAccount(account, context.market, finished);
  const growth = after
    .minus(before)
    .times(needsFullMargin(context.market, order.symbol) ? multiplier : 1);
  return growth.lte(buying_power)
    ? accept(null)
    : forbidden('insufficient buying power', {
        buying_power: buying_power.toFixed(2),
        cost_basis: after.toFixed(2),
      });
};

/**
 * Checks a replacement and makes the new order, with another id, on its way to the place of the old
 * one. What the old one has filled stays with it.
 */
export const createReplacement = (
  context: ExchangeContext,
  effects: OrderEffects,
  account: Account,
  order: Order,
  body: unknown,
): Outcome<Order> => {
  const replaceable = checkReplaceable(order);
  if (!replaceable.ok) return replaceable;
  if (account.configuration.suspend_trade)
    return forbidden('new orders are rejected by user request');
  const read = readReplacement(body, order);
  if (!read.ok) return read;
  const changes = read.value;
  const existing =
    changes.client_order_id === null
      ? undefined
      : account.by_client_order_id.get(changes.client_order_id);
  if (existing) return invalidField('client_order_id must be unique');
  const market = checkMarket(context, effects, account, order, changes);
  if (!market.ok) return market;
  const growth = checkGrowth(context, account, order, changes);
  if (!growth.ok) return growth;
  const now = context.now();
  const id = stableId('order', order.id, account.orders.size);
  const replacement: Order = {
    ...order,
    ...changes,
    id,
    client_order_id: changes.client_order_id ?? stableId('client-order', id),
    sequence: account.orders.size + 1,
    qty: changes.qty.minus(order.filled_qty),
    filled_qty: order.filled_qty.minus(order.filled_qty),
    filled_value: order.filled_value.minus(order.filled_value),
    status:
      order.status === 'held' ? 'held' : isAtMarket(context, order) ? 'pending_new' : 'accepted',
    leg_ids: [],
    sibling_id: null,
    works_from: null,
    fills: 0,
    created_at: account.timestamp(now),
    submitted_at: account.timestamp(now),
    updated_at: account.timestamp(now),
    expires_at:
      changes.time_in_force === order.time_in_force
        ? order.expires_at
        : expiresAt(context, { ...order, ...changes }),
    takes_over_at: now + (order.status === 'held' ? 0 : (context.options.latency_ms ?? 0)),
    replaces: order.id,
  };
  account.orders.set(id, replacement);
  account.by_client_order_id.set(replacement.client_order_id, replacement);
  return accept(replacement);
};
