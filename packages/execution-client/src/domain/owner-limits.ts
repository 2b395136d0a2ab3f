import { decimalString, direction, symbol } from '@catalyst/domain';
import { z } from 'zod';

const dollars = decimalString.refine((text) => Number(text) > 0, 'expected dollars above 0');
const ratio = z.number().gt(0).max(1);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected hh:mm, such as 09:45');

/**
 * What the owner of an account allows the client to do with it. The file is the owner's alone:
 * nothing that comes from a server changes it.
 */
export const ownerLimits = z
  .strictObject({
    /** Symbols that may be traded; empty means any. */
    only_symbols: z.array(symbol).default([]),
    never_symbols: z.array(symbol).default([]),
    directions: z.array(direction).min(1).default(['long']),
    /** 0 to 1. */
    min_confidence: z.number().min(0).max(1).default(0),
    /** Dollars lost if the stop is hit at its price. */
    max_risk_usd: dollars.default('50'),
    /** The same as part of the account's equity; the smaller of both counts. */
    max_risk_ratio: ratio.default(0.005),
    /** Dollars in one position at its entry. */
    max_notional_usd: dollars.default('2000'),
    /** Dollars in all positions and entries together. */
    max_total_notional_usd: dollars.default('6000'),
    max_positions: z.int().min(1).max(100).default(3),
    /** Dollars of the day, realised and not, at which the client sells all that it holds and stops. */
    daily_loss_usd: dollars.default('150'),
    /** How far the own quote may be from the signal's entry, either way. */
    max_drift_ratio: ratio.max(0.1).default(0.005),
    max_spread_ratio: ratio.max(0.1).default(0.01),
    /** Seconds: an older own quote says nothing of the price now. The desk's own default is the same. */
    max_quote_age_s: z.int().min(1).max(300).default(120),
    /** New York's clock; entries only, exits know no hours. */
    entry_hours: z
      .strictObject({ from: clock, to: clock })
      .refine(({ from, to }) => from < to, 'expected from before to')
      .default({ from: '09:45', to: '15:00' }),
    /** Sell when the desk says that it has closed the position. */
    follow_exits: z.boolean().default(true),
    /** Move the own stop and target as the desk moves its own: towards the price, never away from it. */
    follow_levels: z.boolean().default(true),
    /** Tell the desk what was filled at which price, and with which result. */
    send_fills: z.boolean().default(false),
  })
  .refine(
    ({ max_notional_usd, max_total_notional_usd }) =>
      Number(max_notional_usd) <= Number(max_total_notional_usd),
    { path: ['max_total_notional_usd'], message: 'expected at least max_notional_usd' },
  );
export type OwnerLimits = z.infer<typeof ownerLimits>;
