import { Exact } from '@catalyst/domain';
import { Decimal } from 'decimal.js';
import type { ExchangeContext } from './exchange-context.ts';
import type { OrderRequest } from './order-request.ts';

/**
 * Shares that an order asks for; for dollars those that they buy at the order's limit, else at the
 * ask, to nine decimals and never more. Zero where no price is known.
 */
export const requestedShares = (
  context: ExchangeContext,
  request: Pick<OrderRequest, 'symbol' | 'qty' | 'notional' | 'limit_price'>,
): Decimal => {
  if (request.qty !== null) return request.qty;
  const price =
    request.limit_price ??
    new Exact(context.market.quote(request.symbol, context.finished())?.ask ?? 0);
  return request.notional === null || price.isZero()
    ? new Exact(0)
    : request.notional.div(price).toDecimalPlaces(9, Decimal.ROUND_DOWN);
};
