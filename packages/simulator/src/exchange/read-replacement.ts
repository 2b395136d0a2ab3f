import type { Decimal } from 'decimal.js';
import { hasFieldTypes, isGiven, readDecimal, type OrderFields } from './order-fields.ts';
import { readClientOrderId } from './read-order-request.ts';
import { readPrice, readTrailPercent } from './read-order-request.ts';
import { isDecidedAtOnce, type Order } from './order.ts';
import { accept, badRequest, invalidField, unprocessable, type Outcome } from './refusal.ts';

/**
 * An order's parameters after a replacement; those that the client did not name are the old ones.
 */
export interface Changes {
  /** Of the old and the new order together. */
  qty: Decimal;
  limit_price: Decimal | null;
  stop_price: Decimal | null;
  trail_price: Decimal | null;
  trail_percent: Decimal | null;
  time_in_force: Order['time_in_force'];
  client_order_id: string | null;
}

const isSame = (left: Decimal | null, right: Decimal | null): boolean =>
  left === null || right === null ? left === right : left.eq(right);

const readQty = (value: OrderFields['qty'], order: Order): Outcome<Decimal> => {
  if (!isGiven(value)) return accept(order.qty);
  const qty = readDecimal(value);
  if (!qty || qty.lte(0) || !qty.isInteger()) return invalidField('qty must be a whole number > 0');
  if (order.order_class !== 'simple' && !qty.eq(order.qty))
    return unprocessable('qty cannot be changed for advanced orders');
  return qty.lte(order.filled_qty) ? unprocessable('qty must be > filled_qty') : accept(qty);
};

/** `trail` is the new distance in the unit that the order has: dollars or per cent. */
const readTrail = (
  value: OrderFields['trail'],
  order: Order,
): Outcome<Pick<Changes, 'trail_price' | 'trail_percent'>> => {
  const { trail_price, trail_percent } = order;
  if (!isGiven(value)) return accept({ trail_price, trail_percent });
  if (order.type !== 'trailing_stop') return invalidField(`${order.type} orders require no trail`);
  const trail = trail_percent ? readTrailPercent(value) : readPrice(value, 'trail');
  if (!trail.ok) return trail;
  return accept(
    trail_percent
      ? { trail_price, trail_percent: trail.value }
      : { trail_price: trail.value, trail_percent },
  );
};

const readTimeInForce = (
  value: OrderFields['time_in_force'],
  order: Order,
): Outcome<Order['time_in_force']> => {
  if (!isGiven(value) || value === order.time_in_force) return accept(order.time_in_force);
  if ((value !== 'day' && value !== 'gtc') || isDecidedAtOnce(order.time_in_force))
    return invalidField('invalid time_in_force');
  return value === 'gtc' && !order.qty.isInteger()
    ? unprocessable('fractional orders must be DAY orders')
    : accept(value);
};

/**
 * Reads the body of `PATCH /v2/orders/{order_id}`; refuses one that changes none of the order's
 * parameters.
 */
export const readReplacement = (fields: unknown, order: Order): Outcome<Changes> => {
  if (!hasFieldTypes(fields)) return badRequest('request body format is invalid');
  const qty = readQty(fields.qty, order);
  if (!qty.ok) return qty;
  const limit = readPrice(fields.limit_price, 'limit_price');
  if (!limit.ok) return limit;
  const stop = readPrice(fields.stop_price, 'stop_price');
  if (!stop.ok) return stop;
  if (limit.value && !order.limit_price)
    return invalidField(`${order.type} orders require no limit price`);
  if (stop.value && (!order.stop_price || order.type === 'trailing_stop'))
    return invalidField(`${order.type} orders require no stop price`);
  const trail = readTrail(fields.trail, order);
  if (!trail.ok) return trail;
  const timeInForce = readTimeInForce(fields.time_in_force, order);
  if (!timeInForce.ok) return timeInForce;
  const clientOrderId = readClientOrderId(fields.client_order_id);
  if (!clientOrderId.ok) return clientOrderId;
  const changes: Changes = {
    qty: qty.value,
    limit_price: limit.value ?? order.limit_price,
    stop_price: stop.value ?? order.stop_price,
    ...trail.value,
    time_in_force: timeInForce.value,
    client_order_id: clientOrderId.value,
  };
  const decimals = ['qty', 'limit_price', 'stop_price', 'trail_price', 'trail_percent'] as const;
  const isUnchanged =
    changes.time_in_force === order.time_in_force &&
    decimals.every((name) => isSame(changes[name], order[name]));
  return isUnchanged ? unprocessable('order parameters are not changed') : accept(changes);
};
