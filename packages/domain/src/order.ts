import { z } from 'zod';
import { decimalString, type DecimalString } from './money.ts';

/** A broker's side. "long" and "short" are directions of a position and never reach an order. */
export const side = z.enum(['buy', 'sell']);
export type Side = z.infer<typeof side>;

export const direction = z.enum(['long', 'short']);
export type Direction = z.infer<typeof direction>;

export const entrySide = (of: Direction): Side => (of === 'long' ? 'buy' : 'sell');
export const exitSide = (of: Direction): Side => (of === 'long' ? 'sell' : 'buy');

export const orderTypes = ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'] as const;
export const orderType = z.enum(orderTypes);
export type OrderType = z.infer<typeof orderType>;
/** An order's type as a broker tells it: one that the desk has no word for is `unknown`. */
export const toldOrderType = z.enum([...orderTypes, 'unknown']);
export type ToldOrderType = z.infer<typeof toldOrderType>;

export const orderClass = z.enum(['simple', 'bracket', 'oco', 'oto']);
export type OrderClass = z.infer<typeof orderClass>;

export const timeInForce = z.enum(['day', 'gtc']);
export type TimeInForce = z.infer<typeof timeInForce>;

/** Alpaca's 17 order statuses, verbatim. */
export const orderStatuses = [
  'new',
  'partially_filled',
  'filled',
  'done_for_day',
  'canceled',
  'expired',
  'replaced',
  'pending_cancel',
  'pending_replace',
  'accepted',
  'pending_new',
  'accepted_for_bidding',
  'stopped',
  'rejected',
  'suspended',
  'calculated',
  'held',
] as const;
export const orderStatus = z.enum(orderStatuses);
export type OrderStatus = z.infer<typeof orderStatus>;
/** A status that the desk has no word for is `unknown`: neither success nor failure. */
export const toldOrderStatus = z.enum([...orderStatuses, 'unknown']);
export type ToldOrderStatus = z.infer<typeof toldOrderStatus>;

const CLOSED: ReadonlySet<ToldOrderStatus> = new Set([
  'filled',
  'canceled',
  'expired',
  'replaced',
  'rejected',
]);
/** True when no further fill can come from the order. */
export const isClosedStatus = (status: ToldOrderStatus): boolean => CLOSED.has(status);

/** Shares; whole or fractional, more than 0. */
export const quantity = decimalString.refine((text) => Number(text) > 0, 'qty must be more than 0');
/** Shares of an entry: the broker takes no fraction in an order with a stop and a target. */
export const wholeQuantity = quantity.refine(
  (text) => /^\d+(\.0+)?$/.test(text),
  'qty must be whole shares, since an order with a stop and a target takes no fraction',
);

/** What the order is for: it decides who may send it and how its fills are counted. */
export const orderRole = z.enum(['entry', 'stop', 'target', 'exit']);
export type OrderRole = z.infer<typeof orderRole>;

/** Why a position ended; part of the trades digest. */
export const exitReasons = [
  'target',
  'stop',
  'end_of_day',
  'manual',
  'risk_flatten',
  'unprotected',
  'external',
] as const;
export const exitReason = z.enum(exitReasons);
export type ExitReason = z.infer<typeof exitReason>;

/**
 * An order as the desk sends it. `client_order_id` is unique at the broker for ever: with it a lost
 * answer is found again.
 */
export interface OrderRequest {
  client_order_id: string;
  symbol: string;
  side: Side;
  type: OrderType;
  /** An OCO's own limit is its target: type limit, with `stop_loss` beside it. */
  order_class: OrderClass;
  time_in_force: TimeInForce;
  qty: DecimalString;
  limit_price?: DecimalString | null;
  stop_price?: DecimalString | null;
  trail_price?: DecimalString | null;
  trail_percent?: DecimalString | null;
  take_profit?: { limit_price: DecimalString };
  stop_loss?: { stop_price: DecimalString; limit_price?: DecimalString };
}
