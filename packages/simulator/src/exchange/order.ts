import {
  toDecimalString,
  type OrderClass,
  type OrderStatus,
  type OrderType,
  type Side,
} from '@catalyst/domain';
import type { Decimal } from 'decimal.js';
import { stamp } from '../market/trading-time.ts';
import { nanosecondText, type Nanoseconds } from '../nanoseconds.ts';
import { rareStatuses } from './order-states.ts';

/**
 * What an order is within its group: an entry (also every order that stands alone), or one of the
 * exits that wait for it.
 */
export type LegRole = 'entry' | 'take_profit' | 'stop_loss';

/**
 * How long an order works: the session, until canceled, at once or never (all of it for `fok`), the
 * opening auction, the closing auction.
 */
export const timesInForce = ['day', 'gtc', 'ioc', 'fok', 'opg', 'cls'] as const;
export type TimeInForce = (typeof timesInForce)[number];

/**
 * An order as the exchange keeps it. Instants that decide something are milliseconds; those that are
 * only told are nanoseconds.
 */
export interface Order {
  id: string;
  /** Order of arrival, legs after their parent; the exchange works orders in this order. */
  sequence: number;
  client_order_id: string;
  symbol: string;
  asset_id: string;
  side: Side;
  type: OrderType;
  order_class: OrderClass;
  /** Whether the client has named the class; the wire says '' of a simple order where it has not. */
  is_class_named: boolean;
  time_in_force: TimeInForce;
  extended_hours: boolean;
  /**
   * Shares asked for; of a notional order the shares that its dollars buy at the price last seen.
   */
  qty: Decimal;
  /** Dollars asked for instead of shares; null where shares are. */
  notional: Decimal | null;
  filled_qty: Decimal;
  filled_value: Decimal;
  limit_price: Decimal | null;
  stop_price: Decimal | null;
  trail_price: Decimal | null;
  trail_percent: Decimal | null;
  hwm: Decimal | null;
  status: OrderStatus;
  role: LegRole;
  parent_id: string | null;
  leg_ids: string[];
  /** The other exit of the same pair: when one ends, so does this. */
  sibling_id: string | null;
  position_intent: 'buy_to_open' | 'buy_to_close' | 'sell_to_open' | 'sell_to_close';
  /** From when the order may meet bars; null while it waits for its entry. */
  works_from: number | null;
  triggered: boolean;
  fills: number;
  created_at: Nanoseconds;
  updated_at: Nanoseconds;
  /** When it was sent on to the exchange. */
  submitted_at: Nanoseconds;
  expires_at: number;
  filled_at: Nanoseconds | null;
  expired_at: Nanoseconds | null;
  canceled_at: Nanoseconds | null;
  /** When the order was rejected after it had been taken. */
  failed_at: Nanoseconds | null;
  /** When a cancel that is under way takes effect; null where none is. */
  cancels_at: number | null;
  /** The order that is on its way to take this one's place; null where none is. */
  replacement: Order | null;
  /**
   * When a replacement that is on its way reaches the exchange; null once it is there, and for
   * every other order.
   */
  takes_over_at: number | null;
  replaced_at: Nanoseconds | null;
  replaced_by: string | null;
  replaces: string | null;
}

/**
 * Statuses in which an order stands in the book and is listed as open. A `held` leg is neither open
 * nor closed, as at Alpaca.
 */
const OPEN: ReadonlySet<OrderStatus> = new Set([
  'new',
  'partially_filled',
  'accepted',
  'pending_new',
  'pending_cancel',
  'pending_replace',
  ...rareStatuses,
]);
export const isOpen = (order: Order): boolean => OPEN.has(order.status);
const WORKING: ReadonlySet<OrderStatus> = new Set([
  'new',
  'partially_filled',
  'pending_cancel',
  'pending_replace',
  'stopped',
  'held',
]);
/** Whether the order may trade now; a `held` stop triggers beside its target. */
export const mayFill = (order: Order): boolean => WORKING.has(order.status);
/** Open, or a leg that is held. */
export const isAlive = (order: Order): boolean => isOpen(order) || order.status === 'held';

export const remainingQty = (order: Order): Decimal => order.qty.minus(order.filled_qty);

/**
 * Whether one bar or auction decides an order, so that nothing of it waits: `ioc`, `fok`, `opg`,
 * `cls`.
 */
export const isDecidedAtOnce = (timeInForce: TimeInForce): boolean =>
  timeInForce !== 'day' && timeInForce !== 'gtc';

export interface WireOrder {
  [field: string]: unknown;
  id: string;
  client_order_id: string;
  status: OrderStatus;
  legs: WireOrder[] | null;
}

const text = (value: Decimal | null): string | null =>
  value === null ? null : toDecimalString(value);
const instant = (at: Nanoseconds | null): string | null =>
  at === null ? null : nanosecondText(at);

/** The order as Alpaca sends it; `legs` null where it has none or they are not asked for. */
export const toWireOrder = (order: Order, legs: readonly Order[] | null): WireOrder => ({
  id: order.id,
  client_order_id: order.client_order_id,
  created_at: instant(order.created_at),
  updated_at: instant(order.updated_at),
  submitted_at: instant(order.submitted_at),
  filled_at: instant(order.filled_at),
  expired_at: instant(order.expired_at),
  canceled_at: instant(order.canceled_at),
  failed_at: instant(order.failed_at),
  replaced_at: instant(order.replaced_at),
  replaced_by: order.replaced_by,
  replaces: order.replaces,
  asset_id: order.asset_id,
  symbol: order.symbol,
  asset_class: 'us_equity',
  notional: text(order.notional),
  qty: order.notional === null ? toDecimalString(order.qty) : null,
  filled_qty: toDecimalString(order.filled_qty),
  filled_avg_price: order.filled_qty.isZero()
    ? null
    : toDecimalString(order.filled_value.div(order.filled_qty).toDecimalPlaces(9)),
  order_class: order.order_class === 'simple' && !order.is_class_named ? '' : order.order_class,
  order_type: order.type,
  type: order.type,
  side: order.side,
  position_intent: order.position_intent,
  time_in_force: order.time_in_force,
  limit_price: text(order.limit_price),
  stop_price: text(order.stop_price),
  status: order.status,
  extended_hours: order.extended_hours,
  legs: legs && legs.length > 0 ? legs.map((leg) => toWireOrder(leg, null)) : null,
  trail_percent: text(order.trail_percent),
  trail_price: text(order.trail_price),
  hwm: text(order.hwm),
  subtag: null,
  source: null,
  expires_at: stamp(order.expires_at),
});
