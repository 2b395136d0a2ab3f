import { isFractional, type OrderRequest } from './order-request.ts';
import { isDecidedAtOnce } from './order.ts';
import { accept, forbidden, invalidField, unprocessable, type Outcome } from './refusal.ts';

/** Which prices each type needs, in Alpaca's words. */
export const checkPrices = (request: OrderRequest): Outcome<OrderRequest> => {
  const {
    type,
    limit_price: limit,
    stop_price: stop,
    trail_price: trailPrice,
    trail_percent: trailPercent,
  } = request;
  if (type === 'market' && (limit || stop))
    return invalidField('market orders require no stop or limit price');
  if (type === 'limit' && !limit) return invalidField('limit orders require a limit price');
  if (type === 'limit' && stop) return invalidField('limit orders require no stop price');
  if (type === 'stop' && !stop) return invalidField('stop orders require a stop price');
  if (type === 'stop' && limit) return invalidField('stop orders require no limit price');
  if (type === 'stop_limit' && !(stop && limit))
    return invalidField('stop limit orders require both stop and limit price');
  if (type === 'trailing_stop' && Boolean(trailPrice) === Boolean(trailPercent))
    return invalidField('trailing stop orders must specify one of trail_price or trail_percent');
  if (type !== 'trailing_stop' && (trailPrice || trailPercent))
    return invalidField('trail_price and trail_percent are only for trailing stop orders');
  return accept(request);
};

/** Which orders a class takes, and which legs it needs. */
export const checkClass = (request: OrderRequest): Outcome<OrderRequest> => {
  const { order_class: orderClass, type, take_profit: target, stop_loss: stop } = request;
  if (orderClass === 'simple') {
    if (target || stop) return invalidField('simple orders must have no take_profit or stop_loss');
  } else if (isFractional(request)) {
    return unprocessable('fractional orders must be simple orders');
  }
  if (orderClass === 'bracket' || orderClass === 'oto') {
    if (type !== 'market' && type !== 'limit')
      return invalidField(`${orderClass} orders must be market or limit orders`);
  }
  if (orderClass === 'bracket') {
    if (!target) return invalidField('bracket orders require take_profit.limit_price');
    if (!stop) return invalidField('bracket orders require stop_loss.stop_price');
  }
  if (orderClass === 'oto' && Boolean(target) === Boolean(stop))
    return invalidField('oto orders require either take_profit or stop_loss');
  if (orderClass === 'oco') {
    if (type !== 'limit') return invalidField('oco orders must be limit orders');
    if (!stop) return invalidField('oco orders require stop_loss.stop_price');
    if (target && request.limit_price && !target.limit_price.eq(request.limit_price))
      return invalidField('oco orders take one limit price');
  }
  if (request.extended_hours && orderClass !== 'simple')
    return forbidden(`${orderClass} orders do not support extended hours trading`);
  if (
    request.extended_hours &&
    (type === 'stop' || type === 'stop_limit' || type === 'trailing_stop')
  )
    return unprocessable(
      `${type.replace('_', ' ')} orders are not eligible for extended hours trading`,
    );
  if (request.extended_hours && type !== 'limit')
    return unprocessable('extended hours order must be DAY or GTC limit orders');
  return accept(request);
};

/** `ioc`, `fok`, `opg` and `cls` are for plain market and limit orders. */
export const checkTimeInForce = (request: OrderRequest): Outcome<OrderRequest> => {
  const { time_in_force: timeInForce, order_class: orderClass, type } = request;
  if (!isDecidedAtOnce(timeInForce)) return accept(request);
  if (orderClass !== 'simple')
    return invalidField(`${orderClass} orders support only "day" or "gtc" time_in_force`);
  if (type !== 'market' && type !== 'limit')
    return unprocessable(`${timeInForce} orders must be market or limit orders`);
  return request.extended_hours
    ? unprocessable('extended hours order must be DAY or GTC limit orders')
    : accept(request);
};
