import { Exact, toDecimalString } from '@catalyst/domain';
import type { ExchangeContext } from '../exchange-context.ts';
import type { OrderRequest } from '../order-request.ts';
import { accept, unprocessable, type Outcome } from '../refusal.ts';

export const CENT = new Exact('0.01');

/**
 * Exits on the right side of the price they are measured from: the entry's limit, else the last
 * trade; at least a cent away, as Alpaca asks.
 */
export const checkExitPrices = (
  context: ExchangeContext,
  request: Pick<
    OrderRequest,
    'symbol' | 'side' | 'order_class' | 'limit_price' | 'take_profit' | 'stop_loss'
  >,
): Outcome<null> => {
  const last = context.market.lastTrade(request.symbol, context.finished());
  const base =
    request.order_class === 'oco'
      ? last && new Exact(last.price)
      : (request.limit_price ?? (last && new Exact(last.price)));
  const target =
    request.order_class === 'oco'
      ? request.limit_price
      : (request.take_profit?.limit_price ?? null);
  const stop = request.stop_loss?.stop_price ?? null;
  const exitIsSell =
    request.order_class === 'oco' ? request.side === 'sell' : request.side === 'buy';
  if (target && stop && (exitIsSell ? target.lte(stop) : target.gte(stop))) {
    return unprocessable(
      `take_profit.limit_price must be ${exitIsSell ? '>' : '<'} stop_loss.stop_price`,
    );
  }
  if (!base) return accept(null);
  const details = { base_price: toDecimalString(base) };
  if (target && request.order_class !== 'oco') {
    if (exitIsSell && target.lt(base.plus(CENT)))
      return unprocessable('take_profit.limit_price must be >= base_price + 0.01', details);
    if (!exitIsSell && target.gt(base.minus(CENT)))
      return unprocessable('take_profit.limit_price must be <= base_price - 0.01', details);
  }
  if (stop) {
    if (exitIsSell && stop.gt(base.minus(CENT)))
      return unprocessable('stop_loss.stop_price must be <= base_price - 0.01', details);
    if (!exitIsSell && stop.lt(base.plus(CENT)))
      return unprocessable('stop_loss.stop_price must be >= base_price + 0.01', details);
  }
  return accept(null);
};

/** A stop that the market has already passed is refused. */
export const checkStopPrice = (
  context: ExchangeContext,
  request: Pick<OrderRequest, 'symbol' | 'side' | 'type' | 'stop_price'>,
): Outcome<null> => {
  const last = context.market.lastTrade(request.symbol, context.finished());
  if (!last || !request.stop_price || (request.type !== 'stop' && request.type !== 'stop_limit'))
    return accept(null);
  if (request.side === 'sell' && request.stop_price.gt(last.price))
    return unprocessable('stop price must be less than current price');
  if (request.side === 'buy' && request.stop_price.lt(last.price))
    return unprocessable('stop price must not be less than current price');
  return accept(null);
};

/** A trailing sell whose stop would be at nothing or below could never trigger. */
export const checkTrail = (
  context: ExchangeContext,
  {
    symbol,
    side,
    trail_price,
    trail_percent,
  }: Pick<OrderRequest, 'symbol' | 'side' | 'trail_price' | 'trail_percent'>,
): Outcome<null> => {
  if (side === 'buy') return accept(null);
  if (trail_percent?.gte(100)) return unprocessable('trail_percent must be less than 100');
  const last = context.market.lastTrade(symbol, context.finished());
  return last && trail_price?.gte(last.price)
    ? unprocessable('trail_price must be less than current price')
    : accept(null);
};

/**
 * A limit further from the last trade than `limit_collar_ratio` allows; Alpaca names such a check
 * and publishes neither its distance nor its words.
 */
export const checkLimitDistance = (
  context: ExchangeContext,
  { symbol, limit_price: limit }: Pick<OrderRequest, 'symbol' | 'limit_price'>,
): Outcome<null> => {
  const ratio = context.options.limit_collar_ratio ?? null;
  const last = context.market.lastTrade(symbol, context.finished());
  if (
    ratio === null ||
    !limit ||
    !last ||
    limit.minus(last.price).abs().lte(new Exact(last.price).times(ratio))
  )
    return accept(null);
  return unprocessable(
    `limit price ${toDecimalString(limit)} is too far from the market price ${toDecimalString(new Exact(last.price))}`,
  );
};
