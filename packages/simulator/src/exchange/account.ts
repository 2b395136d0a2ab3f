import { Exact, stableId, toDecimalString, type Side } from '@catalyst/domain';
import { Decimal } from 'decimal.js';
import type { Market } from '../market/market.ts';
import { defaultConfiguration, type AccountConfiguration } from './account-configuration.ts';
import { createAliveOrders, type AliveOrders } from './alive-orders.ts';
import { maintenancePerShare, marginMultiplier, MOST_EQUITY_IN_A_POSITION, overnightMultiplier } from './margin.ts';
import { isAlive, remainingQty, type Order } from './order.ts';
import { createRunningSums, type RunningSums } from './running-sums.ts';

/** Shares held; `qty` is negative for a short position. An execution puts another in its place. */
export interface Position {
  readonly symbol: string;
  readonly qty: Decimal;
  readonly avg_entry_price: Decimal;
}

/** One execution as `GET /v2/account/activities/FILL` tells it. */
export interface FillActivity {
  id: string;
  activity_type: 'FILL';
  /** Null for trades, says Alpaca's specification; what tells a trade from other activities in its schemas. */
  created_at: null;
  transaction_time: string;
  type: 'fill' | 'partial_fill';
  price: string;
  qty: string;
  side: 'buy' | 'sell' | 'sell_short';
  symbol: string;
  leaves_qty: string;
  cum_qty: string;
  order_id: string;
  order_status: string;
}

export interface EquityPoint {
  at_ms: number;
  equity: Decimal;
}

/** One account and all that belongs to it. */
export interface Account {
  id: string;
  account_number: string;
  opening_cash: Decimal;
  cash: Decimal;
  positions: Map<string, Position>;
  /** What the positions add up to, by symbol, as `valueAccount` reads it. */
  holdings: RunningSums<string>;
  /** All orders, in order of arrival. */
  orders: Map<string, Order>;
  by_client_order_id: Map<string, Order>;
  /** Those of them that may still change. */
  alive: AliveOrders;
  /** By symbol the last minute whose volume its orders took a part of, and how many shares. */
  taken: Map<string, { minute: number; qty: Decimal }>;
  activities: FillActivity[];
  equity_curve: EquityPoint[];
  configuration: AccountConfiguration;
  /** `seq` of the last trade update. */
  seq: number;
}

export const createAccount = (index: number, cash: Decimal.Value): Account => ({
  id: stableId('simulator-account', index),
  account_number: `SIM${String(index).padStart(6, '0')}`,
  opening_cash: new Exact(cash),
  cash: new Exact(cash),
  positions: new Map(),
  holdings: createRunningSums(5),
  orders: new Map(),
  by_client_order_id: new Map(),
  alive: createAliveOrders(),
  taken: new Map(),
  activities: [],
  equity_curve: [],
  configuration: { ...defaultConfiguration },
  seq: 0,
});

/** Books one execution: cash moves by qty x price, the position by qty; the average entry price changes only when a position grows. No fees. */
export const bookExecution = (account: Account, symbol: string, side: Side, qty: Decimal, price: Decimal): Decimal => {
  const signed = side === 'buy' ? qty : qty.negated();
  account.cash = account.cash.minus(signed.times(price));
  const held = account.positions.get(symbol);
  const before = held?.qty ?? new Exact(0);
  const after = before.plus(signed);
  if (after.isZero()) {
    account.positions.delete(symbol);
    account.holdings.remove(symbol);
    return after;
  }
  const begins = !held || before.isNegative() !== after.isNegative();
  const grows = before.isNegative() === signed.isNegative();
  const average = begins ? price : grows ? held.avg_entry_price.times(before).plus(signed.times(price)).div(after) : held.avg_entry_price;
  account.positions.set(symbol, { symbol, qty: after, avg_entry_price: average });
  account.holdings.changed(symbol);
  return after;
};

/** A position as the ledger writes it. */
interface PositionRow {
  symbol: string;
  qty: string;
  avg_entry_price: string;
}

const rows = new WeakMap<Position, PositionRow>();

/** All positions as the ledger writes them; one that has not changed is the same object as the last time. */
export const positionRows = (account: Account): PositionRow[] =>
  [...account.positions.values()].map((position) => {
    const known = rows.get(position);
    if (known) return known;
    const { symbol, qty, avg_entry_price } = position;
    const row = { symbol, qty: toDecimalString(qty), avg_entry_price: toDecimalString(avg_entry_price) };
    rows.set(position, row);
    return row;
  });

/** Shares of a minute's volume that the account's orders have taken already. */
export const takenOf = (account: Account, symbol: string, minute: number): Decimal => {
  const last = account.taken.get(symbol);
  return last?.minute === minute ? last.qty : new Exact(0);
};

/** What stands in the book for a symbol: shares that open exits have reserved, and the orders that reserve them. A pair of exits reserves once. */
export const reservedForExits = (account: Account, symbol: string): { qty: Decimal; order_ids: string[] } => {
  const position = account.positions.get(symbol);
  let qty = new Exact(0);
  const ids: string[] = [];
  if (!position) return { qty, order_ids: ids };
  const exitSide: Side = position.qty.isNegative() ? 'buy' : 'sell';
  for (const order of account.alive.ofSide(symbol, exitSide)) {
    if (order.works_from === null || !isAlive(order)) continue;
    ids.push(order.id);
    const pairAlreadyCounted = order.status === 'held' && order.sibling_id !== null;
    if (!pairAlreadyCounted) qty = qty.plus(Decimal.max(remainingQty(order), order.replacement ? remainingQty(order.replacement) : 0));
  }
  return { qty, order_ids: ids };
};

/** The account in dollars as of the finished minutes: positions at the last trade, or at the close before. */
export interface Valuation {
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

export const markPrice = (market: Market, symbol: string, finished: number): Decimal => new Exact(market.lastTrade(symbol, finished)?.price ?? 0);

/** Dollars that an opening order of `qty` reserves while it is open. */
export const reservedValue = (market: Market, finished: number, order: Pick<Order, 'symbol' | 'side' | 'limit_price' | 'stop_price'>, qty: Decimal): Decimal => {
  if (order.side === 'buy' && order.limit_price) return qty.times(order.limit_price);
  const ask = market.quote(order.symbol, finished)?.ask ?? new Exact(0);
  const asked = order.limit_price ?? (order.stop_price && Decimal.max(order.stop_price, ask));
  const price = order.side === 'buy' ? (asked ?? ask) : Decimal.max(asked ?? new Exact(0), ask.times(SHORT_COLLAR));
  return qty.times(price);
};

/** Whether no money is lent for a symbol: a dollar of it then takes all of the buying power that a dollar gives. */
export const needsFullMargin = (market: Market, symbol: string): boolean => market.listings.get(symbol)?.security.marginable === false;

/** Of one position: its long value, its short value, its size where money is lent on it and where none is, its maintenance margin. */
const valuePosition = ({ symbol, qty }: Position, market: Market, finished: number): readonly Decimal[] => {
  const price = markPrice(market, symbol, finished);
  const value = qty.times(price);
  const isFull = needsFullMargin(market, symbol);
  const none = new Exact(0);
  const maintenance = qty.abs().times(maintenancePerShare(price, qty.isNegative(), !isFull));
  return [value.isNegative() ? none : value, value.isNegative() ? value : none, isFull ? none : value.abs(), isFull ? value.abs() : none, maintenance];
};

/** What an open order reserves, where money is lent on its security and where none is: while it is being replaced, the larger of the two orders. */
const valueReservation = (order: Order, market: Market, finished: number): readonly Decimal[] => {
  const own = reservedValue(market, finished, order, remainingQty(order));
  const value = order.replacement ? Decimal.max(own, reservedValue(market, finished, order.replacement, remainingQty(order.replacement))) : own;
  return needsFullMargin(market, order.symbol) ? [new Exact(0), value] : [value, new Exact(0)];
};

export const valueAccount = (account: Account, market: Market, finished: number): Valuation => {
  const moment = `${finished} ${market.changes}`;
  const [long, short, lent, unlent, maintenance] = account.holdings.at(moment, (symbol) => valuePosition(account.positions.get(symbol) as Position, market, finished)) as [Decimal, Decimal, Decimal, Decimal, Decimal];
  const [reservedLent, reservedUnlent] = account.alive.reserved.at(moment, (order) => valueReservation(order, market, finished)) as [Decimal, Decimal];
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
    buying_power: Decimal.max(0, free.times(multiplier).minus(reserved)),
    regt_buying_power: Decimal.max(0, equity.minus(initial).minus(reservedUnlent).times(overnight).minus(reservedLent)),
    non_marginable_buying_power: Decimal.max(0, free.minus(reserved.div(multiplier))),
  };
};

/** A symbol whose position is too large for the account's equity; null where there is none. */
export const oversizedPosition = (account: Account, market: Market, finished: number, { equity, position_market_value }: Pick<Valuation, 'equity' | 'position_market_value'>): string | null => {
  const most = equity.times(MOST_EQUITY_IN_A_POSITION);
  if (position_market_value.lte(most)) return null;
  return [...account.positions.values()].find(({ symbol, qty }) => qty.times(markPrice(market, symbol, finished)).abs().gt(most))?.symbol ?? null;
};
