import type { OrderIntent, RefusalCode, RiskCheck, RiskParameters } from '@catalyst/contracts';
import {
  Exact,
  later,
  toCents,
  toDecimalString,
  type DecimalString,
  type Instant,
} from '@catalyst/domain';
import { CHECKS } from './all-checks.ts';
import { boundSize, reportCap } from './bound-size.ts';
import { reportCheck } from './check.ts';
import { costPrice, worstRisk } from './prices.ts';
import type { AccountFacts, RiskFacts } from './risk-facts.ts';

export interface Refusal {
  verdict: 'refused';
  code: RefusalCode;
  message: string;
  limit: string;
  value: string;
  max_qty: DecimalString;
  checks: RiskCheck[];
}
export interface Approval {
  verdict: 'approved';
  qty: DecimalString;
  risk_usd: DecimalString;
  notional_usd: DecimalString;
  expires_at: Instant;
  sizing: Record<string, string>;
  checks: RiskCheck[];
}

/** The size asked for, or the largest that every limit allows. */
const sizeIntent = (
  intent: OrderIntent,
  facts: RiskFacts & { account: AccountFacts },
  limits: RiskParameters,
  passed: readonly RiskCheck[],
): Refusal | Approval => {
  const { bounds, tightest } = boundSize(intent, facts, limits);
  const largest = toDecimalString(tightest.shares);
  const { symbol, qty: asked, entry_price } = intent;
  const checks = [...passed, ...bounds.map((one) => reportCap(one, new Exact(asked ?? 1)))];
  const { name, code } = tightest.cap;
  if (tightest.shares.lt(1))
    return {
      verdict: 'refused',
      code,
      message: `${name} allows less than one share of ${symbol} at ${entry_price}`,
      limit: name,
      value: largest,
      max_qty: '0',
      checks,
    };
  if (asked !== null && tightest.shares.lt(asked))
    return {
      verdict: 'refused',
      // of a size that is merely too large the size is the fault
      code: code === 'SIZE_BELOW_ONE_SHARE' ? 'POSITION_SIZE_LIMIT' : code,
      message: `${name} allows at most ${largest} shares of ${symbol}, ${asked} were asked for`,
      limit: largest,
      value: asked,
      max_qty: largest,
      checks,
    };
  const qty = asked ?? largest;
  return {
    verdict: 'approved',
    qty,
    // reserved of the daily loss: the cent above, so that many cents are none too few
    risk_usd: worstRisk(intent, facts.quote)
      .times(qty)
      .toDecimalPlaces(2, Exact.ROUND_UP)
      .toFixed(2),
    notional_usd: toCents(costPrice(intent, facts.quote).times(qty)),
    expires_at: later(facts.now, limits.approval_lifetime_seconds * 1000),
    sizing: {
      ...Object.fromEntries(bounds.map(({ cap, shares }) => [cap.name, toDecimalString(shares)])),
      tightest: name,
    },
    checks,
  };
};

/**
 * Holds an intent against every limit and finds its size. A refusal names the limit, the value and
 * the largest size that would pass; every check that ran stands beside the verdict.
 */
export const reviewIntent = (
  intent: OrderIntent,
  facts: RiskFacts,
  limits: RiskParameters,
): Refusal | Approval => {
  const checks = CHECKS.map((check) => reportCheck(check, check.find(intent, facts, limits)));
  const fault = checks.find(({ verdict }) => verdict === 'refused');
  const { account } = facts;
  if (fault || !account) {
    const { code, message, limit, value } = fault!;
    return { verdict: 'refused', code, message: message!, limit, value, max_qty: '0', checks };
  }
  return sizeIntent(intent, { ...facts, account }, limits, checks);
};
