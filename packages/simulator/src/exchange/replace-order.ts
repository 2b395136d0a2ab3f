import { stableId, toDecimalString } from '@catalyst/domain';
import { Decimal } from 'decimal.js';
import { reservedForExits, reservedValue, valueAccount, type Account } from './account.ts';
import type { ExchangeContext } from './exchange-context.ts';
import type { OrderEffects } from './order-effects.ts';
import { readDecimal, readPrice } from './order-request.ts';
import { isAlive, remainingQty, type Order } from './order.ts';
import { accept, badRequest, forbidden, invalidField, unprocessable, type Outcome } from './refusal.ts';

interface Changes {
  qty: Decimal;
  limit_price: Decimal | null;
  stop_price: Decimal | null;
  time_in_force: Order['time_in_force'];
  client_order_id: string | null;
}

const readChanges = (body: unknown, order: Order): Outcome<Changes> => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return badRequest('request body format is invalid');
  const fields = body as Record<string, unknown>;
  const qty = fields.qty === undefined ? order.qty : readDecimal(fields.qty);
  if (!qty || qty.lte(0) || !qty.isInteger()) return invalidField('qty must be a whole number > 0');
  if (qty.lte(order.filled_qty)) return unprocessable('qty must be > filled_qty');
  const limit = readPrice(fields.limit_price, 'limit_price');
  if (!limit.ok) return limit;
  const stop = readPrice(fields.stop_price, 'stop_price');
  if (!stop.ok) return stop;
  if (limit.value && !order.limit_price) return invalidField(`${order.type} orders require no limit price`);
  if (stop.value && (!order.stop_price || order.type === 'trailing_stop')) return invalidField(`${order.type} orders require no stop price`);
  const timeInForce = fields.time_in_force ?? order.time_in_force;
  if (timeInForce !== 'day' && timeInForce !== 'gtc') return invalidField(`invalid time_in_force: ${typeof timeInForce === 'object' ? JSON.stringify(timeInForce) : String(timeInForce)}`);
  const clientOrderId = typeof fields.client_order_id === 'string' && fields.client_order_id !== '' ? fields.client_order_id : null;
  return accept({ qty, limit_price: limit.value ?? order.limit_price, stop_price: stop.value ?? order.stop_price, time_in_force: timeInForce, client_order_id: clientOrderId });
};

/** A larger order must find its shares or its buying power as a new one would. */
const checkGrowth = (context: ExchangeContext, account: Account, order: Order, changes: Changes): Outcome<null> => {
  const finished = context.finished();
  if (order.position_intent.endsWith('_to_close')) {
    const growth = changes.qty.minus(order.qty);
    const existing = account.positions.get(order.symbol)?.qty.abs() ?? changes.qty.minus(changes.qty);
    const available = Decimal.max(0, existing.minus(reservedForExits(account, order.symbol).qty));
    if (growth.lte(available) || order.works_from === null) return accept(null);
    return forbidden(`insufficient qty available for order (requested: ${toDecimalString(growth)}, available: ${toDecimalString(available)})`, { symbol: order.symbol });
  }
  const before = reservedValue(context.market, finished, order, remainingQty(order));
  const after = reservedValue(context.market, finished, { ...order, ...changes }, changes.qty.minus(order.filled_qty));
  const { buying_power } = valueAccount(account, context.market, finished);
  return after.minus(before).lte(buying_power) ? accept(null) : forbidden('insufficient buying power', { buying_power: buying_power.toFixed(2), cost_basis: after.toFixed(2) });
};

/** Replaces an open order by a new one with another id; it keeps its place among its relatives and what it has filled stays with the old one. */
export const replaceOrder = (context: ExchangeContext, effects: OrderEffects, account: Account, order: Order, body: unknown): Outcome<Order> => {
  if (!isAlive(order)) return unprocessable(`order is already in "${order.status}" state`);
  if (order.status === 'accepted') return unprocessable('cannot replace order in accepted status');
  if (order.notional) return unprocessable('notional orders cannot be replaced');
  const read = readChanges(body, order);
  if (!read.ok) return read;
  const changes = read.value;
  const existing = changes.client_order_id === null ? undefined : account.by_client_order_id.get(changes.client_order_id);
  if (existing) return invalidField('client_order_id must be unique', { existing_order_id: existing.id });
  const growth = checkGrowth(context, account, order, changes);
  if (!growth.ok) return growth;
  const now = context.now();
  const sibling = order.sibling_id === null ? undefined : account.orders.get(order.sibling_id);
  const id = stableId('order', order.id, 'replacement');
  const replacement: Order = {
    ...order,
    ...changes,
    id,
    client_order_id: changes.client_order_id ?? stableId('client-order', id),
    sequence: account.orders.size + 1,
    qty: changes.qty.minus(order.filled_qty),
    filled_qty: order.filled_qty.minus(order.filled_qty),
    filled_value: order.filled_value.minus(order.filled_value),
    status: order.status === 'held' ? 'held' : 'new',
    works_from: order.works_from === null ? null : now,
    fills: 0,
    created_at: now,
    updated_at: now,
    submitted_at: now,
    replaces: order.id,
  };
  account.orders.set(id, replacement);
  account.by_client_order_id.set(replacement.client_order_id, replacement);
  const entries = [...account.alive.entries()].map(([key, value]): [string, Order] => (key === order.id ? [id, replacement] : [key, value]));
  account.alive.clear();
  for (const [key, value] of entries) account.alive.set(key, value);
  if (sibling) {
    sibling.sibling_id = id;
    if (isAlive(sibling)) sibling.qty = replacement.qty;
  }
  const parent = order.parent_id === null ? undefined : account.orders.get(order.parent_id);
  if (parent) parent.leg_ids = parent.leg_ids.map((legId) => (legId === order.id ? id : legId));
  for (const leg of effects.legsOf(account, order)) {
    leg.parent_id = id;
    // Exits that wait are for all that the old and the new entry buy together.
    if (leg.works_from === null) leg.qty = changes.qty;
  }
  order.status = 'replaced';
  order.replaced_at = now;
  order.replaced_by = id;
  order.updated_at = now;
  effects.announce(account, order, 'replaced');
  effects.announce(account, replacement, replacement.status === 'held' ? 'held' : 'new');
  effects.recordAccount(account);
  return accept(replacement);
};
