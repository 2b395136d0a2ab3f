import { decimalString, direction, instant, MOST_PARTS, quantity, symbol } from '@catalyst/domain';
import { z } from 'zod';

/** A trade that someone means to make; nothing is sent until risk approved it. */
export const orderIntent = z.strictObject({
  /** Names the decision; the same id is reviewed once and gets the same answer again. */
  intent_id: z.uuid(),
  cycle_id: z.uuid(),
  symbol,
  direction,
  /** Shares asked for; null lets risk choose the size. */
  qty: quantity.nullable(),
  /** The price expected for the entry, used for sizing. */
  entry_price: decimalString,
  /** Limit of the entry order; null enters at market. */
  limit_price: decimalString.nullable(),
  stop_price: decimalString,
  target_price: decimalString,
  /**
   * Targets of equal parts that leave before the rest does at `target_price`, nearest first; a
   * bracket each, sent with the entry. Without it there is one bracket.
   */
  scale_out: z
    .array(decimalString)
    .min(1)
    .max(MOST_PARTS - 1)
    .optional(),
  /** What the trade was decided by: its size follows the record of such trades. */
  pattern: z.string().max(60).optional(),
  catalyst_type: z.string().max(60).optional(),
});
export type OrderIntent = z.infer<typeof orderIntent>;

/** Why risk refuses: a closed list. `docs/risk.md` says which check gives which. */
export const refusalCodes = [
  'TRADING_HALTED',
  'ONLY_REDUCING',
  'ACCOUNT_UNKNOWN',
  'ACCOUNT_STALE',
  'ACCOUNT_BLOCKED',
  'NOT_RECONCILED',
  'RECONCILIATION_STALE',
  'DISK_SPACE_LOW',
  'BEFORE_OPEN',
  'AFTER_LAST_ENTRY',
  'DAILY_LOSS_LIMIT',
  'NOT_TRADABLE',
  'SYMBOL_HALTED',
  'ALREADY_HELD',
  'DUPLICATE_INTENT',
  'MAX_POSITIONS',
  'SHORT_NOT_ALLOWED',
  'LOSS_STREAK',
  'COOL_DOWN',
  'FRACTIONAL_SHARES',
  'PRICE_OFF_TICK',
  'STOP_MISSING_OR_WRONG_SIDE',
  'LIMIT_BEYOND_LEVELS',
  'STOP_TOO_CLOSE',
  'STOP_TOO_FAR',
  'STOP_NOT_SUPPORTED',
  'REWARD_TO_RISK',
  'QUOTE_STALE',
  'SPREAD_TOO_WIDE',
  'PRICE_FAR_FROM_QUOTE',
  'CORRELATION',
  'SIZE_BELOW_ONE_SHARE',
  'POSITION_SIZE_LIMIT',
  'SECTOR_SHARE',
  'GROSS_EXPOSURE',
  'CASH',
  'BUYING_POWER',
  'INTRADAY_MARGIN',
  'LIQUIDITY',
] as const;
export const refusalCode = z.enum(refusalCodes);
export type RefusalCode = z.infer<typeof refusalCode>;

/** One check of a review: what it read, its limit, and what it says. */
export const riskCheck = z.object({
  name: z.string(),
  code: refusalCode,
  /** `unknown`: the check could not be made, and says why in its message. */
  verdict: z.enum(['passed', 'refused', 'unknown']),
  read: z.record(z.string(), z.string().nullable()),
  limit: z.string(),
  value: z.string(),
  message: z.string().nullable(),
});
export type RiskCheck = z.infer<typeof riskCheck>;
/** In the order of their weight; empty in decisions that were stored before they were kept. */
const checks = z.array(riskCheck).default([]);

export const riskApproval = z.object({
  verdict: z.literal('approved'),
  approval_id: z.uuid(),
  intent_id: z.uuid(),
  qty: quantity,
  risk_usd: decimalString,
  notional_usd: decimalString,
  expires_at: instant,
  /** How the size came about: each cap with the shares it allows. */
  sizing: z.record(z.string(), z.string()),
  checks,
});
export const riskRefusal = z.object({
  verdict: z.literal('refused'),
  intent_id: z.uuid(),
  code: refusalCode,
  message: z.string(),
  limit: z.string(),
  value: z.string(),
  /** The largest quantity that would pass every limit; "0" when none would. */
  max_qty: decimalString,
  checks,
});
export const riskDecision = z.discriminatedUnion('verdict', [riskApproval, riskRefusal]);
export type RiskApproval = z.infer<typeof riskApproval>;
export type RiskRefusal = z.infer<typeof riskRefusal>;
export type RiskDecision = z.infer<typeof riskDecision>;
