import {
  decimalString,
  direction,
  exitReason,
  instant,
  orderClass,
  orderRole,
  quantity,
  side,
  symbol,
  timeInForce,
  toldOrderStatus,
  toldOrderType,
} from '@catalyst/domain';
import { z } from 'zod';
import { outsideUnless } from '../outside-text.ts';
import { isOurOrderReason } from '../own-words.ts';

export const order = z.object({
  client_order_id: z.string(),
  broker_order_id: z.string().nullable(),
  cycle_id: z.uuid().nullable(),
  position_id: z.uuid().nullable(),
  symbol,
  side,
  role: orderRole,
  type: toldOrderType,
  order_class: orderClass,
  time_in_force: timeInForce,
  qty: quantity,
  filled_qty: decimalString,
  filled_avg_price: decimalString.nullable(),
  limit_price: decimalString.nullable(),
  stop_price: decimalString.nullable(),
  /** `intended` until the broker is known to have it; then the broker's own word, or `unknown`. */
  status: z.union([toldOrderStatus, z.enum(['intended', 'refused'])]),
  /** Why it was refused or ended, in the words of whoever did it: the broker's, where not ours. */
  reason: outsideUnless(isOurOrderReason).nullable(),
  created_at: instant,
  updated_at: instant,
});
export type Order = z.infer<typeof order>;

export const position = z.object({
  position_id: z.uuid(),
  cycle_id: z.uuid().nullable(),
  symbol,
  direction,
  status: z.enum(['opening', 'open', 'closing', 'closed']),
  /** Shares held now. */
  qty: decimalString,
  /** Shares entered in all. */
  entered_qty: decimalString,
  entry_price: decimalString.nullable(),
  entered_at: instant.nullable(),
  exit_price: decimalString.nullable(),
  exited_at: instant.nullable(),
  exit_reason: exitReason.nullable(),
  initial_stop_price: decimalString.nullable(),
  target_price: decimalString.nullable(),
  last_price: decimalString.nullable(),
  /** When the stock was last traded or quoted: how old the last price is. */
  last_price_at: instant.nullable(),
  unrealized_pnl_usd: decimalString,
  realized_pnl_usd: decimalString,
  r_multiple: z.number().nullable(),
  /** True when every open share has a live stop at the broker. */
  is_protected: z.boolean(),
  /** True for what the desk found at the broker and did not place. */
  is_adopted: z.boolean(),
  intent_id: z.uuid().nullable(),
});
export type Position = z.infer<typeof position>;

/** A position with how it stands at this moment, by the orders that are live at the broker. */
export const standingPosition = position.extend({
  /** The farthest of the stops that are live; null where none is. */
  live_stop_price: decimalString.nullable().default(null),
  /** The nearest of the targets that are live; null where none is. */
  live_target_price: decimalString.nullable().default(null),
  /** Dollars that the shares lose from the last price to the live stops; null where one is unknown. */
  risk_usd: decimalString.nullable().default(null),
  /** Seconds since the stock was last traded or quoted. */
  price_age_seconds: z.number().nullable().default(null),
  /** Shares that nothing at the broker guards or sells: since when, and why. */
  naked: z.object({ since: instant, why: z.string() }).nullable().default(null),
});
export type StandingPosition = z.infer<typeof standingPosition>;

export const account = z.object({
  account_number: z.string(),
  mode: z.enum(['replay', 'paper', 'live']),
  equity_usd: decimalString,
  last_equity_usd: decimalString,
  cash_usd: decimalString,
  buying_power_usd: decimalString,
  read_at: instant,
});
export type Account = z.infer<typeof account>;

/** The account with what its trades of the day cost. */
export const accountStatus = account.extend({
  /** Dollars of the date on which it was read: charged, or estimated until they are. */
  fees_usd: decimalString,
  fees_are_estimated: z.boolean(),
});
export type AccountStatus = z.infer<typeof accountStatus>;
