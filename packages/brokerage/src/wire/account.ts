import { subtract, UNNAMED_FEE } from '@catalyst/domain';
import { z } from 'zod';
import { wireDecimal, wireInstant, wireNullableDecimal, wireSide, wireText } from './primitives.ts';

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
  /** What open positions must be covered by; older answers do not say. */
  maintenance_margin: wireNullableDecimal,
  account_blocked: z.boolean(),
  trading_blocked: z.boolean(),
  trade_suspended_by_user: z.boolean().default(false),
  shorting_enabled: z.boolean().default(false),
});
export type BrokerAccount = z.output<typeof wireAccount>;

/** Why the broker takes no orders of an account, in words; null where it takes them. */
export const whyBlocked = ({
  status,
  account_blocked,
  trading_blocked,
  trade_suspended_by_user,
}: Pick<
  BrokerAccount,
  'status' | 'account_blocked' | 'trading_blocked' | 'trade_suspended_by_user'
>): string | null => {
  const reasons = [
    account_blocked && 'the account is blocked',
    trading_blocked && 'trading is blocked',
    trade_suspended_by_user && 'its owner has suspended trading',
    status !== 'ACTIVE' && `its status is ${status}`,
  ].filter((reason) => reason !== false);
  return reasons.length === 0 ? null : reasons.join(', ');
};

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

/** "TAF fee for proceed of 30 shares (4 trades) on 2026-03-10 by …" */
const KIND_IN_WORDS = /^(REG|TAF|CAT|ORF|OCC|COM)\b/;
const DATE_IN_WORDS = /\bon (\d{4}-\d\d-\d\d)\b/;

/** A fee as the account's activities list it; it is charged in the night after the trades. */
export const wireFee = z
  .object({
    id: z.string().min(1),
    activity_type: z.literal('FEE'),
    activity_sub_type: wireText,
    date: z.string().regex(/^\d{4}-\d\d-\d\d/),
    net_amount: wireDecimal,
    description: wireText,
    status: wireText,
  })
  .transform(({ id, activity_sub_type, date, net_amount, description, status }) => ({
    id,
    kind: activity_sub_type || KIND_IN_WORDS.exec(description)?.[1] || UNNAMED_FEE,
    /** Of the trades, where the words name it. */
    trade_date: DATE_IN_WORDS.exec(description)?.[1] ?? date.slice(0, 10),
    /** Dollars charged. */
    amount_usd: subtract(0, net_amount),
    is_canceled: status === 'canceled',
  }));
export type BrokerFee = z.output<typeof wireFee>;

/** Money that came into the account or left it; `net_amount` is negative for what left. */
export const wireTransfer = z
  .object({
    id: z.string().min(1),
    activity_type: z.enum(['CSD', 'CSW']),
    date: z.string().regex(/^\d{4}-\d\d-\d\d/),
    net_amount: wireDecimal,
    status: wireText,
  })
  .transform(({ id, date, net_amount, status }) => ({
    id,
    trade_date: date.slice(0, 10),
    /** Dollars that came in. */
    amount_usd: net_amount,
    is_canceled: status === 'canceled',
  }));
export type BrokerTransfer = z.output<typeof wireTransfer>;
