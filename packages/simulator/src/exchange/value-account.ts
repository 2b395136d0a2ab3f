import { Exact } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import type { Market } from '../market/market.ts';
import type { Account, Position } from './account.ts';
import {
  maintenancePerShare,
  marginMultiplier,
  MOST_EQUITY_IN_A_POSITION,
  overnightMultiplier,
} from './margin.ts';
import { remainingQty, type Order } from './order.ts';

/**
 * The account in dollars as of the finished minutes: positions at the last trade, or at the close
 * before.
 */
interface Valuation {
  equity: Decimal;
  /** Buying power within the day for each dollar of free equity. */
  multiplier: number;
  long_market_value: Decimal;
  short_market_value: Decimal;
  position_market_value: Decimal;
  /** By Regulation T. */
  initial_margin: Decimal;
  maintenance_margin: Decimal;
  /** Within the day. */
  buying_power: Decimal;
  /** What could be bought and held overnight. */
  regt_buying_power: Decimal;
  non_marginable_buying_power: Decimal;
}

/** Alpaca reserves a short sale at the higher of its limit and three per cent above the ask. */
const SHORT_COLLAR = 1.03;

export const markPrice = (market: Market, symbol: string, finished: number): Decimal =>
  new Exact(market.lastTrade(symbol, finished)?.price ?? 0);

/** Dollars that an opening order of `qty` reserves while it is open. */
export const reservedValue = (
  market: Market,
  finished: number,
  order: Pick<Order, 'symbol' | 'side' | 'limit_price' | 'stop_price'>,
  qty: Decimal,
): Decimal => {
  if (order.side === 'buy' && order.limit_price) return qty.times(order.limit_price);
  const ask = market.quote(order.symbol, finished)?.ask ?? new Exact(0);
  const asked = order.limit_price ?? (order.stop_price && Exact.max(order.stop_price, ask));
  const price =
    order.side === 'buy'
      ? (asked ?? ask)
      : Exact.max(asked ?? new Exact(0), ask.times(SHORT_COLLAR));
  return qty.times(price);
};

/**
 * Whether no money is lent for a symbol: a dollar of it then takes all of the buying power that a
 * dollar gives.
 */
export const needsFullMargin = (market: Market, symbol: string): boolean =>
  market.listings.get(symbol)?.security.marginable === false;

/**
 * Of one position: its long value, its short value, its size where money is lent on it and where
 * none is, its maintenance margin.
 */
const valuePosition = (
  { symbol, qty }: Position,
  market: Market,
  finished: number,
): readonly Decimal[] => {
  const price = markPrice(market, symbol, finished);
  const value = qty.times(price);
  const isFull = needsFullMargin(market, symbol);
  const none = new Exact(0);
  const maintenance = qty.abs().times(maintenancePerShare(price, qty.isNegative(), !isFull));
  return [
    value.isNegative() ? none : value,
    value.isNegative() ? value : none,
    isFull ? none : value.abs(),
    isFull ? value.abs() : none,
    maintenance,
  ];
};

/**
 * What an open order reserves, where money is lent on its security and where none is: while it is
 * being replaced, the larger of the two orders.
 */
const valueReservation = (order: Order, market: Market, finished: number): readonly Decimal[] => {
  const own = reservedValue(market, finished, order, remainingQty(order));
  const value = order.replacement
    ? Exact.max(
        own,
        reservedValue(market, finished, order.replacement, remainingQty(order.replacement)),
      )
    : own;
  return needsFullMargin(market, order.symbol) ? [new Exact(0), value] : [value, new Exact(0)];
};

export const valueAccount = (account: Account, market: Market, finished: number): Valuation => {
  const moment = `${finished} ${market.changes}`;
  const [long, short, lent, unlent, maintenance] = account.holdings.at(moment, (symbol) =>
    valuePosition(account.positions.get(symbol) as Position, market, finished),
  ) as [Decimal, Decimal, Decimal, Decimal, Decimal];
  const [reservedLent, reservedUnlent] = account.alive.reserved.at(moment, (order) =>
    valueReservation(order, market, finished),
  ) as [Decimal, Decimal];
  const equity = account.cash.plus(long).plus(short);
  const multiplier = marginMultiplier(account.configuration, equity);
  const margin = unlent.plus(lent.div(multiplier));
  const reserved = reservedLent.plus(reservedUnlent.times(multiplier));
  const free = equity.minus(margin);
  const overnight = overnightMultiplier(multiplier);
  const initial = unlent.plus(lent.div(overnight));
  return {
    equity,
    multiplier,
    long_market_value: long,
    short_market_value: short,
    position_market_value: long.plus(short.abs()),
    initial_margin: initial,
    maintenance_margin: maintenance,
    buying_power: Exact.max(0, free.times(multiplier).minus(reserved)),
    regt_buying_power: Exact.max(
      0,
      equity.minus(initial).minus(reservedUnlent).times(overnight).minus(reservedLent),
    ),
    non_marginable_buying_power: Exact.max(0, free.minus(reserved.div(multiplier))),
  };
};

/** A symbol whose position is too large for the account's equity; null where there is none. */
export const oversizedPosition = (
  account: Account,
  market: Market,
  finished: number,
  { equity, position_market_value }: Pick<Valuation, 'equity' | 'position_market_value'>,
): string | null => {
  const most = equity.times(MOST_EQUITY_IN_A_POSITION);
  if (position_market_value.lte(most)) return null;
  return (
    [...account.positions.values()].find(({ symbol, qty }) =>
      qty
        .times(markPrice(market, symbol, finished))
        .abs()
        .gt(most),
    )?.symbol ?? null
  );
};
