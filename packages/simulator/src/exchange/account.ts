import { Exact, stableId, toDecimalString, type Side } from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import { defaultConfiguration, type AccountConfiguration } from './account-configuration.ts';
import { createAliveOrders, type AliveOrders } from './alive-orders.ts';
import { createTimestamps, type Timestamps } from '../nanoseconds.ts';
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
  /**
   * Null for trades, says Alpaca's specification; what tells a trade from other activities in its
   * schemas.
   */
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

/** A fee of a day's sales as `GET /v2/account/activities/FEE` tells it. */
export interface FeeActivity {
  id: string;
  activity_type: 'FEE';
  /** `REG` is the SEC's, `TAF` is FINRA's. */
  activity_sub_type: 'REG' | 'TAF';
  /** The trade date. */
  date: string;
  created_at: string;
  net_amount: string;
  description: string;
  status: 'executed';
  currency: 'USD';
}

/** Money that its owner moved, as `GET /v2/account/activities/TRANS` tells it. */
export interface TransferActivity {
  id: string;
  /** Cash deposit, cash withdrawal. */
  activity_type: 'CSD' | 'CSW';
  date: string;
  created_at: string;
  /** Negative for a withdrawal. */
  net_amount: string;
  description: string;
  status: 'executed';
  currency: 'USD';
}

export type Activity = FillActivity | FeeActivity | TransferActivity;

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
  /** What the positions add up to, by symbol, as `valueAccount` (value-account.ts) reads it. */
  holdings: RunningSums<string>;
  /** All orders, in order of arrival. */
  orders: Map<string, Order>;
  by_client_order_id: Map<string, Order>;
  /** Those of them that may still change. */
  alive: AliveOrders;
  /** By symbol the last minute whose volume its orders took a part of, and how many shares. */
  taken: Map<string, { minute: number; qty: Decimal }>;
  activities: Activity[];
  equity_curve: EquityPoint[];
  configuration: AccountConfiguration;
  /** `seq` of the last trade update. */
  seq: number;
  /** Gives each event of the account its own time. */
  timestamp: Timestamps;
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
  timestamp: createTimestamps(`account ${index}`),
});

/**
 * Books one execution: cash moves by qty x price, the position by qty; the average entry price
 * changes only when a position grows. Fees are booked once a day (fees.ts).
 */
export const bookExecution = (
  account: Account,
  symbol: string,
  side: Side,
  qty: Decimal,
  price: Decimal,
): Decimal => {
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
  const average = begins
    ? price
    : grows
      ? held.avg_entry_price.times(before).plus(signed.times(price)).div(after)
      : held.avg_entry_price;
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

/**
 * All positions as the ledger writes them; one that has not changed is the same object as the last
 * time.
 */
export const positionRows = (account: Account): PositionRow[] =>
  [...account.positions.values()].map((position) => {
    const known = rows.get(position);
    if (known) return known;
    const { symbol, qty, avg_entry_price } = position;
    const row = {
      symbol,
      qty: toDecimalString(qty),
      avg_entry_price: toDecimalString(avg_entry_price),
    };
    rows.set(position, row);
    return row;
  });

/** Shares of a minute's volume that the account's orders have taken already. */
export const takenOf = (account: Account, symbol: string, minute: number): Decimal => {
  const last = account.taken.get(symbol);
  return last?.minute === minute ? last.qty : new Exact(0);
};

/**
 * What stands in the book for a symbol: shares that open exits have reserved, and the orders that
 * reserve them, `but` one. A pair of exits reserves once.
 */
export const reservedForExits = (
  account: Account,
  symbol: string,
  but?: Order,
): { qty: Decimal; order_ids: string[] } => {
  const position = account.positions.get(symbol);
  let qty = new Exact(0);
  const ids: string[] = [];
  if (!position) return { qty, order_ids: ids };
  const exitSide: Side = position.qty.isNegative() ? 'buy' : 'sell';
  for (const order of account.alive.ofSide(symbol, exitSide)) {
    if (order === but || order.works_from === null || !isAlive(order)) continue;
    ids.push(order.id);
    const pairAlreadyCounted = order.status === 'held' && order.sibling_id !== null;
    if (!pairAlreadyCounted)
      qty = qty.plus(
        Exact.max(remainingQty(order), order.replacement ? remainingQty(order.replacement) : 0),
      );
  }
  return { qty, order_ids: ids };
};
