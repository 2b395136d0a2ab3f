import type { ExchangeContext } from '../exchange-context.ts';
import { isFractional, type OrderRequest } from '../order-request.ts';
import { accept, forbidden, unprocessable, type Outcome } from '../refusal.ts';

export const checkAsset = (context: ExchangeContext, request: OrderRequest): Outcome<null> => {
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
export const checkHalt = (
  context: ExchangeContext,
  { symbol, type }: OrderRequest,
): Outcome<null> => {
  if (type !== 'market' || !context.market.happening(symbol, 'halt', context.finished()))
    return accept(null);
  return unprocessable(
    `market order rejected due to trading halt on symbol: "${symbol}", please place a limit order instead`,
  );
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
export const checkAuctionHours = (
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
