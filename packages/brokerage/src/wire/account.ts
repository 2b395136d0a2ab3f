import { z } from 'zod';
import { wireDecimal, wireInstant, wireNullableDecimal, wireSide } from './primitives.ts';

/**
 * What the desk reads of an account; the fields of the pattern-day-trader rule left the API in July
 * 2026 and are not read.
 */
export const wireAccount = z.object({
  account_number: z.string().min(1),
  status: z.string(),
  equity: wireDecimal,
  last_equity: wireDecimal,
  cash: wireDecimal,
  buying_power: wireDecimal,
  account_blocked: z.boolean(),
  trading_blocked: z.boolean(),
  shorting_enabled: z.boolean().default(false),
});
export type BrokerAccount = z.output<typeof wireAccount>;

/** `qty` is negative for a short position. `qty_available` is what no open exit has reserved. */
export const wirePosition = z.object({
  symbol: z.string().min(1),
  side: z.enum(['long', 'short']),
  qty: wireDecimal,
  qty_available: wireNullableDecimal,
  avg_entry_price: wireDecimal,
  current_price: wireNullableDecimal,
  unrealized_pl: wireNullableDecimal,
});
export type BrokerPosition = z.output<typeof wirePosition>;

/** An execution as the account's activities list it. */
export const wireFill = z
  .object({
    id: z.string().min(1),
    activity_type: z.literal('FILL'),
    transaction_time: wireInstant,
    price: wireDecimal,
    qty: wireDecimal,
    side: wireSide,
    symbol: z.string().min(1),
    order_id: z.string().min(1),
    cum_qty: wireNullableDecimal,
  })
  // an activity's id is its time and, after "::", the execution id that the trade update carried
  .transform((activity) => ({
    ...activity,
    execution_id: activity.id.split('::').at(-1) as string,
  }));
export type BrokerFill = z.output<typeof wireFill>;
