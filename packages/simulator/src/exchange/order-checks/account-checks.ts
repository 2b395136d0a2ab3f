import { Exact, toDecimalString, type Side } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import { reservedForExits, type Account, type Position } from '../account.ts';
import type { ExchangeContext } from '../exchange-context.ts';
import { MARGIN_EQUITY } from '../margin.ts';
import { isFractional, type OrderRequest } from '../order-request.ts';
import { isOpen, type Order } from '../order.ts';
import { closesPosition, inferIntent } from '../position-intent.ts';
import {
  accept,
  firstRefusal,
  forbidden,
  invalidField,
  unprocessable,
  type Outcome,
} from '../refusal.ts';
import { requestedShares } from '../requested-shares.ts';
import {
  needsFullMargin,
  oversizedPosition,
  reservedValue,
  valueAccount,
} from '../value-account.ts';

const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

/**
 * An order that could trade with an open one of the same account, or with what is on its way to the
 * place of one, is refused, by the table of https://docs.alpaca.markets/us/docs/user-protection:
 * two orders that both have a limit only where the limits cross, all others always; complex and
 * trailing stop orders are exempt.
 */
export const checkWashTrade = (
  account: Account,
  request: Pick<OrderRequest, 'symbol' | 'side' | 'type' | 'order_class' | 'limit_price'>,
): Outcome<null> => {
  if (request.order_class !== 'simple' || request.type === 'trailing_stop') return accept(null);
  const mayTradeWith = ({ limit_price: limit }: Order): boolean =>
    !limit ||
    !request.limit_price ||
    (request.side === 'buy' ? request.limit_price.gte(limit) : request.limit_price.lte(limit));
  for (const open of account.alive.ofSide(request.symbol, opposite(request.side))) {
    if (open.role !== 'entry' || open.type === 'trailing_stop' || !isOpen(open)) continue;
    const existing = [open, ...(open.replacement ? [open.replacement] : [])].find(mayTradeWith);
    if (!existing) continue;
    const reason = existing.limit_price
      ? 'opposite side limit order exists'
      : 'opposite side market/stop order exists';
    return forbidden('potential wash trade detected. use complex orders', {
      existing_order_id: existing.id,
      reject_reason: reason,
    });
  }
  return accept(null);
};

/** What the client says that the order does must be what it does. */
export const checkIntent = (account: Account, request: OrderRequest): Outcome<null> => {
  const inferred = inferIntent(account, request.symbol, request.side);
  const specified = request.position_intent ?? inferred;
  return specified === inferred
    ? accept(null)
    : unprocessable(`position intent mismatch, inferred: ${inferred}, specified: ${specified}`);
};

/** What the owner of the account has switched off. */
export const checkAccount = (account: Account, request: OrderRequest): Outcome<null> => {
  if (account.configuration.suspend_trade)
    return forbidden('new orders are rejected by user request');
  if (isFractional(request) && !account.configuration.fractional_trading)
    return forbidden('fractional trading is disabled for this account');
  return accept(null);
};

/** An exit: no more than what is held and not reserved for other exits. */
const checkExit = (
  account: Account,
  { symbol, order_class }: OrderRequest,
  position: Position,
  qty: Decimal,
): Outcome<null> => {
  if (order_class === 'bracket' || order_class === 'oto')
    return unprocessable(`${order_class} orders must be entry orders`);
  const existing = position.qty.abs();
  const held = reservedForExits(account, symbol);
  const available = Exact.max(0, existing.minus(held.qty));
  if (qty.lte(available)) return accept(null);
  return forbidden(
    `insufficient qty available for order (requested: ${toDecimalString(qty)}, available: ${toDecimalString(available)})`,
    {
      symbol,
      existing_qty: toDecimalString(existing),
      held_for_orders: toDecimalString(held.qty),
      available: toDecimalString(available),
      related_orders: held.order_ids,
    },
  );
};

/** No entry while one on the other side is open. */
const checkOpposingEntry = (account: Account, { symbol, side }: OrderRequest): Outcome<null> => {
  const opposing = [...account.alive.ofSide(symbol, opposite(side))].find(
    (open) => open.position_intent.endsWith('_to_open') && isOpen(open),
  );
  if (!opposing) return accept(null);
  return forbidden(
    side === 'buy'
      ? 'cannot open a long buy while a short sell order is open'
      : 'cannot open a short sell while a long buy order is open',
    { existing_order_id: opposing.id },
  );
};

/** A short sale needs shares that can be borrowed. */
const checkShortable = (context: ExchangeContext, request: OrderRequest): Outcome<null> => {
  if (request.side === 'buy') return accept(null);
  const { security } = context.market.listings.get(request.symbol)!;
  // At Alpaca a hard to borrow share needs a locate before it is sold short; there are none here.
  if (!security.shortable || !security.easy_to_borrow)
    return unprocessable(`asset "${request.symbol}" cannot be sold short`);
  if (isFractional(request)) return unprocessable('fractional orders cannot be sold short');
  return accept(null);
};

/** What the account's equity and margin allow. */
const checkBuyingPower = (
  { market, finished }: ExchangeContext,
  account: Account,
  request: OrderRequest,
  qty: Decimal,
): Outcome<null> => {
  const value = valueAccount(account, market, finished());
  const { buying_power, equity, multiplier } = value;
  const oversized = oversizedPosition(account, market, finished(), value);
  if (oversized)
    return forbidden(
      'account is restricted to closing orders: a position is larger than 600% of its equity',
      { symbol: oversized },
    );
  if (request.side === 'sell' && (account.configuration.no_shorting || equity.lt(MARGIN_EQUITY)))
    return forbidden('account is not allowed to short');
  const cost = reservedValue(market, finished(), request, qty);
  const needed = cost.times(needsFullMargin(market, request.symbol) ? multiplier : 1);
  if (needed.lte(buying_power)) return accept(null);
  return forbidden('insufficient buying power', {
    buying_power: buying_power.toFixed(2),
    cost_basis: cost.toFixed(2),
  });
};

/** Whether the account has the shares that an exit takes, or the means for an entry. */
export const checkShares = (
  context: ExchangeContext,
  account: Account,
  request: OrderRequest,
): Outcome<null> => {
  const { symbol, side, order_class } = request;
  const position = account.positions.get(symbol);
  const qty = requestedShares(context, request);
  if (qty.isZero()) return invalidField('qty must be > 0');
  if (position && closesPosition(account, symbol, side))
    return checkExit(account, request, position, qty);
  if (order_class === 'oco') return unprocessable('oco orders must be exit orders');
  return firstRefusal([
    () => checkOpposingEntry(account, request),
    () => checkShortable(context, request),
    () => checkBuyingPower(context, account, request, qty),
  ]);
};

/**
 * Dollars that an order must be worth, at its limit, else at the bid where it sells and at the ask
 * where it buys, as Alpaca's staff say (https://forum.alpaca.markets/t/13116).
 */
const LEAST_VALUE = 1;

/**
 * What is worth less than a dollar is refused, unless it is all that is held: a rest must not stay
 * for ever.
 */
export const checkLeastValue = (
  context: ExchangeContext,
  account: Account,
  { symbol, side, qty, limit_price: limit }: OrderRequest,
): Outcome<null> => {
  const quote = context.market.quote(symbol, context.finished());
  const price = limit ?? (side === 'sell' ? quote?.bid : quote?.ask);
  if (!qty || !price || qty.times(price).gte(LEAST_VALUE)) return accept(null);
  if (closesPosition(account, symbol, side) && account.positions.get(symbol)?.qty.abs().eq(qty))
    return accept(null);
  return forbidden(`cost basis must be >= minimal amount of order ${LEAST_VALUE}`);
};
