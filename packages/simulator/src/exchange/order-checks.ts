import { Exact, toDecimalString, type Side } from '@catalyst/domain';
import { reservedForExits, type Account } from './account.ts';
import type { ExchangeContext } from './exchange-context.ts';
import { MARGIN_EQUITY } from './margin.ts';
import { isFractional, type OrderRequest } from './order-request.ts';
import { isOpen, type Order } from './order.ts';
import { closesPosition, inferIntent } from './position-intent.ts';
import { accept, forbidden, invalidField, unprocessable, type Outcome } from './refusal.ts';
import { requestedShares } from './requested-shares.ts';
import {
  needsFullMargin,
  oversizedPosition,
  reservedValue,
  valueAccount,
} from './value-account.ts';

const CENT = new Exact('0.01');
const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

const checkAsset = (context: ExchangeContext, request: OrderRequest): Outcome<null> => {
  const security = context.market.listings.get(request.symbol)?.security;
  if (!security) return unprocessable(`asset "${request.symbol}" not found`);
  if (!security.tradable) return unprocessable(`asset "${request.symbol}" is not tradable`);
  if (isFractional(request) && !security.fractionable)
    return forbidden(`asset "${request.symbol}" is not fractionable`);
  return accept(null);
};

/**
 * What is hard to borrow takes orders for the day only, exits of long positions included: by its
 * flag, or for orders alone, since Alpaca's flag does not always say it.
 */
export const checkTimeInForce = (
  context: ExchangeContext,
  { symbol, time_in_force: force }: Pick<OrderRequest, 'symbol' | 'time_in_force'>,
): Outcome<null> => {
  const listing = context.market.listings.get(symbol)!;
  if (force === 'day' || (listing.security.easy_to_borrow && !listing.day_orders_only))
    return accept(null);
  return unprocessable(`only day orders are allowed for hard-to-borrow asset "${symbol}"`);
};

/** No market order is taken while the symbol is halted or paused. */
const checkHalt = (context: ExchangeContext, { symbol, type }: OrderRequest): Outcome<null> => {
  if (type !== 'market' || !context.market.happening(symbol, 'halt', context.finished()))
    return accept(null);
  return unprocessable(
    `market order rejected due to trading halt on symbol: "${symbol}", please place a limit order instead`,
  );
};

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
const checkIntent = (account: Account, request: OrderRequest): Outcome<null> => {
  const inferred = inferIntent(account, request.symbol, request.side);
  const specified = request.position_intent ?? inferred;
  return specified === inferred
    ? accept(null)
    : unprocessable(`position intent mismatch, inferred: ${inferred}, specified: ${specified}`);
};

/**
 * From when orders for the auctions of the next session are taken, and how many minutes before an
 * auction the last ones are, as Alpaca's refusals say; its documents say ten minutes for `cls`.
 */
const AUCTION_ORDERS_FROM_MINUTE = 19 * 60;
const MINUTES_BEFORE_AUCTION = { opg: 2, cls: 5 } as const;

/** A minute of the day as Alpaca's messages write it: "9:28am". */
const clockText = (minute: number): string =>
  `${((Math.floor(minute / 60) + 11) % 12) + 1}:${String(minute % 60).padStart(2, '0')}${minute < 720 ? 'am' : 'pm'}`;

/** Orders for an auction come before its cut-off, or after 19:00 for the next session's. */
const checkAuctionHours = (
  context: ExchangeContext,
  { time_in_force: force }: OrderRequest,
): Outcome<null> => {
  if (force !== 'opg' && force !== 'cls') return accept(null);
  const { time } = context.market;
  const last =
    (force === 'opg' ? time.open_minute : time.close_minute) - MINUTES_BEFORE_AUCTION[force];
  const now = context.now();
  if (now < time.startOf(last) || now >= time.startOf(AUCTION_ORDERS_FROM_MINUTE))
    return accept(null);
  return forbidden(
    `${force} orders must be submitted after ${clockText(AUCTION_ORDERS_FROM_MINUTE)} and before ${clockText(last)}`,
  );
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

/** What the owner of the account has switched off. */
const checkAccount = (account: Account, request: OrderRequest): Outcome<null> => {
  if (account.configuration.suspend_trade) return forbidden('account is not authorized to trade');
  if (isFractional(request) && !account.configuration.fractional_trading)
    return forbidden('fractional trading is disabled for this account');
  return accept(null);
};

const checkShares = (
  context: ExchangeContext,
  account: Account,
  request: OrderRequest,
): Outcome<null> => {
  const position = account.positions.get(request.symbol);
  const qty = requestedShares(context, request);
  if (qty.isZero()) return invalidField('qty must be > 0');
  if (position && closesPosition(account, request.symbol, request.side)) {
    if (request.order_class === 'bracket' || request.order_class === 'oto')
      return unprocessable(`${request.order_class} orders must be entry orders`);
    const existing = position.qty.abs();
    const held = reservedForExits(account, request.symbol);
    const available = Exact.max(0, existing.minus(held.qty));
    if (qty.lte(available)) return accept(null);
    return forbidden(
      `insufficient qty available for order (requested: ${toDecimalString(qty)}, available: ${toDecimalString(available)})`,
      {
        symbol: request.symbol,
        existing_qty: toDecimalString(existing),
        held_for_orders: toDecimalString(held.qty),
        available: toDecimalString(available),
        related_orders: held.order_ids,
      },
    );
  }
  if (request.order_class === 'oco') return unprocessable('oco orders must be exit orders');
  const opposing = [...account.alive.ofSide(request.symbol, opposite(request.side))].find(
    (open) => open.position_intent.endsWith('_to_open') && isOpen(open),
  );
  if (opposing) {
    const message =
      request.side === 'buy'
        ? 'cannot open a long buy while a short sell order is open'
        : 'cannot open a short sell while a long buy order is open';
    return forbidden(message, { existing_order_id: opposing.id });
  }
  const { security } = context.market.listings.get(request.symbol)!;
  if (request.side === 'sell') {
    // At Alpaca a hard to borrow share needs a locate before it is sold short; there are none here.
    if (!security.shortable || !security.easy_to_borrow)
      return unprocessable(`asset "${request.symbol}" cannot be sold short`);
    if (isFractional(request)) return unprocessable('fractional orders cannot be sold short');
  }
  const finished = context.finished();
  const value = valueAccount(account, context.market, finished);
  const { buying_power, equity, multiplier } = value;
  const oversized = oversizedPosition(account, context.market, finished, value);
  if (oversized)
    return forbidden(
      'account is restricted to closing orders: a position is larger than 600% of its equity',
      { symbol: oversized },
    );
  if (request.side === 'sell' && (account.configuration.no_shorting || equity.lt(MARGIN_EQUITY)))
    return forbidden('account is not allowed to short');
  const cost = reservedValue(context.market, finished, request, qty);
  if (
    cost.times(needsFullMargin(context.market, request.symbol) ? multiplier : 1).lte(buying_power)
  )
    return accept(null);
  return forbidden('insufficient buying power', {
    buying_power: buying_power.toFixed(2),
    cost_basis: cost.toFixed(2),
  });
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
const checkLeastValue = (
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

/** Everything an account must satisfy to place an order, in the order in which it is checked. */
export const checkOrder = (
  context: ExchangeContext,
  account: Account,
  request: OrderRequest,
): Outcome<null> => {
  const existing: Order | undefined =
    request.client_order_id === null
      ? undefined
      : account.by_client_order_id.get(request.client_order_id);
  if (existing) return invalidField('client_order_id must be unique');
  const checks = [
    () => checkAccount(account, request),
    () => checkAsset(context, request),
    () => checkTimeInForce(context, request),
    () => checkHalt(context, request),
    () => checkIntent(account, request),
    () => checkAuctionHours(context, request),
    () => checkLimitDistance(context, request),
    () => checkExitPrices(context, request),
    () => checkStopPrice(context, request),
    () => checkTrail(context, request),
    () => checkWashTrade(account, request),
    () => checkShares(context, account, request),
    () => checkLeastValue(context, account, request),
  ];
  for (const check of checks) {
    const outcome = check();
    if (!outcome.ok) return outcome;
  }
  return accept(null);
};
