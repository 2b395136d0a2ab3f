import type { OrderIntent, RefusalCode, RiskParameters } from '@catalyst/contracts';
import {
  Exact,
  later,
  toCents,
  toDecimalString,
  type DecimalString,
  type Instant,
} from '@catalyst/domain';
import type { Check, Reason } from './check.ts';
import { DESK_CHECKS } from './desk-checks.ts';
import { MARKET_CHECKS } from './market-checks.ts';
import { PRICE_CHECKS } from './price-checks.ts';
import type { RiskFacts } from './risk-facts.ts';
import { sizeCaps, worstPrice } from './size-caps.ts';
import { SYMBOL_CHECKS } from './symbol-checks.ts';

export interface Refusal extends Reason {
  verdict: 'refused';
  max_qty: DecimalString;
}
export interface Approval {
  verdict: 'approved';
  qty: DecimalString;
  risk_usd: DecimalString;
  notional_usd: DecimalString;
  expires_at: Instant;
  sizing: Record<string, string>;
}

/** What needs no size, in the order of its weight; the first that refuses answers. */
const CHECKS: readonly Check[] = [
  ...DESK_CHECKS,
  ...SYMBOL_CHECKS,
  ...PRICE_CHECKS,
  ...MARKET_CHECKS,
];

const CAP_CODES: Readonly<Record<string, RefusalCode>> = {
  max_position_ratio: 'POSITION_SIZE_LIMIT',
  max_sector_ratio: 'SECTOR_SHARE',
  buying_power: 'BUYING_POWER',
  daily_loss_room: 'DAILY_LOSS_LIMIT',
};

const refused = (reason: Reason, max_qty: DecimalString): Refusal => ({
  verdict: 'refused',
  ...reason,
  max_qty,
});

/** The size asked for, or the largest that every limit allows. */
const sizeIntent = (
  intent: OrderIntent,
  caps: Readonly<Record<string, Exact>>,
  expires_at: Instant,
): Refusal | Approval => {
  const cap = Object.values(caps).reduce((least, one) => Exact.min(least, one));
  const tightest = Object.keys(caps).find((name) => caps[name]!.eq(cap))!;
  const largest = toDecimalString(cap);
  const { symbol, entry_price, stop_price } = intent;
  if (cap.lt(1))
    return refused(
      {
        code: CAP_CODES[tightest] ?? 'SIZE_BELOW_ONE_SHARE',
        message: `${tightest} allows less than one share of ${symbol} at ${entry_price}`,
        limit: tightest,
        value: largest,
      },
      '0',
    );
  if (intent.qty !== null && cap.lt(intent.qty))
    return refused(
      {
        code: CAP_CODES[tightest] ?? 'POSITION_SIZE_LIMIT',
        message: `${tightest} allows at most ${largest} shares of ${symbol}, ${intent.qty} were asked for`,
        limit: largest,
        value: intent.qty,
      },
      largest,
    );
  const qty = intent.qty ?? largest;
  const entry = new Exact(entry_price);
  // what is reserved of the daily loss: to the cent above, so that many cents are none too few
  const risk = worstPrice(intent).minus(stop_price).abs().times(qty);
  const sizing = Object.fromEntries(
    Object.entries(caps).map(([name, one]) => [name, toDecimalString(one)]),
  );
  return {
    verdict: 'approved',
    qty,
    risk_usd: risk.toDecimalPlaces(2, Exact.ROUND_UP).toFixed(2),
    notional_usd: toCents(entry.times(qty)),
    expires_at,
    sizing: { ...sizing, tightest },
  };
};

/**
 * Holds an intent against every limit and finds its size. A refusal names the limit, the value and
 * the largest size that would pass.
 */
export const reviewIntent = (
  intent: OrderIntent,
  facts: RiskFacts,
  limits: RiskParameters,
): Refusal | Approval => {
  for (const check of CHECKS) {
    const reason = check(intent, facts, limits);
    if (reason) return refused(reason, '0');
  }
  const caps = sizeCaps(intent, facts, facts.account!, limits);
  return sizeIntent(intent, caps, later(facts.now, limits.approval_lifetime_seconds * 1000));
};
