import type { OrderIntent, RiskCheck, RiskParameters } from '@catalyst/contracts';
import type { Exact } from '@catalyst/domain';
import { CAPS } from './all-checks.ts';
import type { Allowed, Cap } from './check.ts';
import type { AccountFacts, RiskFacts } from './risk-facts.ts';

export interface Bound extends Allowed {
  cap: Cap;
}

export const reportCap = (
  { cap: { name, code }, read, limit, shares }: Bound,
  asked: Exact,
): RiskCheck => ({
  name,
  code,
  verdict: shares.lt(asked) ? 'refused' : 'passed',
  read: Object.fromEntries(
    Object.entries(read).map(([key, value]) => [key, value === null ? null : String(value)]),
  ),
  limit: String(limit),
  value: `${shares.toFixed()} shares`,
  message: null,
});

/** The shares that each limit allows, and the limit that allows the fewest. */
export const boundSize = (
  intent: OrderIntent,
  facts: RiskFacts & { account: AccountFacts },
  limits: RiskParameters,
): { bounds: Bound[]; tightest: Bound } => {
  const bounds = CAPS.flatMap((cap): Bound[] => {
    const allowed = cap.allow(intent, facts, limits);
    return allowed === null ? [] : [{ cap, ...allowed }];
  });
  const tightest = bounds.reduce((least, one) => (one.shares.lt(least.shares) ? one : least));
  return { bounds, tightest };
};
