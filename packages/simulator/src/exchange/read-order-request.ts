import { isOnTick, toDecimalString, type OrderClass, type OrderType } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import { hasFieldTypes, isGiven, readDecimal, type OrderFields } from './order-fields.ts';
import { isFractional, type ExitLegs, type OrderRequest } from './order-request.ts';
import { checkClass, checkPrices, checkTimeInForce } from './order-shape.ts';
import { timesInForce, type TimeInForce } from './order.ts';
import { positionIntents, type PositionIntent } from './position-intent.ts';
import { accept, badRequest, invalidField, unprocessable, type Outcome } from './refusal.ts';

/** A value as a message names it. */
export const shown = (value: unknown): string => String(value).slice(0, 100);

/**
 * Reads an optional price: null where absent; refused where it is no number, not positive, or off
 * its tick.
 */
export const readPrice = (
  value: OrderFields['limit_price'],
  name: string,
): Outcome<Decimal | null> => {
  if (!isGiven(value)) return accept(null);
  const price = readDecimal(value);
  if (!price) return invalidField(`invalid ${name}: ${shown(value)}`);
  if (price.lte(0)) return invalidField(`invalid ${name}: must be > 0`);
  if (!isOnTick(price))
    return unprocessable(
      `invalid ${name} ${toDecimalString(price)}. sub-penny increment does not fulfill minimum pricing criteria`,
    );
  return accept(price);
};

export const TYPES: readonly string[] = ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'];
export const CLASSES: readonly string[] = ['simple', 'bracket', 'oco', 'oto'];
export const TIMES_IN_FORCE: readonly string[] = timesInForce;
export const INTENTS: readonly string[] = positionIntents;

/** Alpaca's least trail of a trailing stop, in per cent. */
const LEAST_TRAIL_PERCENT = '0.1';

/** Reads an optional trail in per cent of the best price: null where absent. */
export const readTrailPercent = (value: OrderFields['trail']): Outcome<Decimal | null> => {
  if (!isGiven(value)) return accept(null);
  const percent = readDecimal(value);
  if (!percent) return invalidField(`invalid trail_percent: ${shown(value)}`);
  return percent.lt(LEAST_TRAIL_PERCENT)
    ? invalidField(`trail_percent must be greater than or equal to ${LEAST_TRAIL_PERCENT}`)
    : accept(percent);
};

export const readLegs = ({
  take_profit: takeProfit,
  stop_loss: stopLoss,
}: OrderFields): Outcome<ExitLegs> => {
  const target = readPrice(takeProfit?.limit_price, 'take_profit.limit_price');
  if (!target.ok) return target;
  const stop = readPrice(stopLoss?.stop_price, 'stop_loss.stop_price');
  if (!stop.ok) return stop;
  const stopLimit = readPrice(stopLoss?.limit_price, 'stop_loss.limit_price');
  if (!stopLimit.ok) return stopLimit;
  if (stopLimit.value && !stop.value) return invalidField('stop_loss.stop_price is required');
  return accept({
    take_profit: target.value && { limit_price: target.value },
    stop_loss: stop.value && { stop_price: stop.value, limit_price: stopLimit.value },
  });
};

const CLIENT_ORDER_ID_LENGTH = 128;

/** Reads an optional name that the client gives its order: null where absent. */
export const readClientOrderId = (
  value: OrderFields['client_order_id'],
): Outcome<string | null> => {
  if (!isGiven(value)) return accept(null);
  if (value.length <= CLIENT_ORDER_ID_LENGTH) return accept(value);
  return invalidField(`client_order_id must be no more than ${CLIENT_ORDER_ID_LENGTH} characters`);
};

/**
 * Shares or dollars, exactly one of them; whole shares, fractions to nine decimals, or dollars to
 * the cent from one dollar on.
 */
const readAmount = (body: OrderFields): Outcome<Pick<OrderRequest, 'qty' | 'notional'>> => {
  if (!isGiven(body.qty) && !isGiven(body.notional))
    return invalidField('qty or notional is required');
  if (isGiven(body.qty) && isGiven(body.notional))
    return invalidField('only one of qty or notional is accepted');
  if (isGiven(body.notional)) {
    const notional = readDecimal(body.notional);
    if (!notional) return invalidField(`invalid notional: ${shown(body.notional)}`);
    if (notional.lt(1)) return invalidField('notional must be >= 1.00');
    if (notional.decimalPlaces() > 2)
      return invalidField('notional must have at most 2 decimal places');
    return accept({ qty: null, notional });
  }
  const qty = readDecimal(body.qty);
  if (!qty) return invalidField(`invalid qty: ${shown(body.qty)}`);
  if (qty.lte(0)) return invalidField('qty must be > 0');
  if (qty.decimalPlaces() > 9) return invalidField('qty must have at most 9 decimal places');
  return accept({ qty, notional: null });
};

/** Reads and checks the body of `POST /v2/orders`. */
export const readOrderRequest = (body: unknown): Outcome<OrderRequest> => {
  if (!hasFieldTypes(body)) return badRequest('request body format is invalid');
  const { symbol, side, type, time_in_force: timeInForce } = body;
  if (!isGiven(symbol)) return invalidField('symbol is required');
  const amount = readAmount(body);
  if (!amount.ok) return amount;
  if (side !== 'buy' && side !== 'sell')
    return invalidField(isGiven(side) ? `invalid side: ${shown(side)}` : 'side is required');
  if (!isGiven(type) || !TYPES.includes(type))
    return invalidField(isGiven(type) ? `invalid type: ${shown(type)}` : 'type is required');
  if (!isGiven(timeInForce) || !TIMES_IN_FORCE.includes(timeInForce)) {
    return invalidField(
      isGiven(timeInForce) ? 'invalid time_in_force' : 'time_in_force is required',
    );
  }
  const orderClass = isGiven(body.order_class) ? body.order_class : 'simple';
  if (!CLASSES.includes(orderClass))
    return invalidField(`invalid order_class: ${shown(orderClass)}`);
  const clientOrderId = readClientOrderId(body.client_order_id);
  if (!clientOrderId.ok) return clientOrderId;
  if (isFractional(amount.value) && timeInForce !== 'day')
    return unprocessable('fractional orders must be DAY orders');
  const limit = readPrice(body.limit_price, 'limit_price');
  if (!limit.ok) return limit;
  const stop = readPrice(body.stop_price, 'stop_price');
  if (!stop.ok) return stop;
  const trailPrice = readPrice(body.trail_price, 'trail_price');
  if (!trailPrice.ok) return trailPrice;
  const trailPercent = readTrailPercent(body.trail_percent);
  if (!trailPercent.ok) return trailPercent;
  const { position_intent: intent } = body;
  if (isGiven(intent) && !INTENTS.includes(intent))
    return invalidField(`invalid position_intent: ${shown(intent)}`);
  const legs = readLegs(body);
  if (!legs.ok) return legs;
  const request: OrderRequest = {
    symbol,
    ...amount.value,
    side,
    type: type as OrderType,
    time_in_force: timeInForce as TimeInForce,
    order_class: orderClass as OrderClass,
    is_class_named: isGiven(body.order_class),
    limit_price:
      limit.value ?? (orderClass === 'oco' ? (legs.value.take_profit?.limit_price ?? null) : null),
    stop_price: stop.value,
    trail_price: trailPrice.value,
    trail_percent: trailPercent.value,
    extended_hours: body.extended_hours === true,
    client_order_id: clientOrderId.value,
    position_intent: isGiven(intent) ? (intent as PositionIntent) : null,
    ...legs.value,
  };
  const priced = checkPrices(request);
  if (!priced.ok) return priced;
  const classed = checkClass(request);
  return classed.ok ? checkTimeInForce(request) : classed;
};
