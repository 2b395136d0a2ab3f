import { riskParameters, type RiskParameters } from '@catalyst/contracts';
import { Exact, toCents, type DecimalString } from '@catalyst/domain';
import type { z } from 'zod';
import { findDeadLimits } from './dead-limits.ts';

/** A closed range; `equity_ratio` bounds a limit in dollars by the account too. */
interface Range {
  min: number;
  max: number;
  equity_ratio?: number;
}

/** What no file, tool or person can leave: the worst that a wrong number may do. */
export const PARAMETER_RANGES: Readonly<
  Record<Exclude<keyof RiskParameters, 'allow_short'>, Range>
> = {
  daily_loss_limit_usd: { min: 1, max: 10_000, equity_ratio: 0.1 },
  warning_ratio: { min: 0.1, max: 0.95 },
  max_position_ratio: { min: 0.01, max: 0.25 },
  max_positions: { min: 1, max: 10 },
  max_correlation: { min: 0.05, max: 0.95 },
  max_sector_ratio: { min: 0.1, max: 0.8 },
  risk_per_trade_ratio: { min: 0.0005, max: 0.02 },
  min_reward_to_risk: { min: 1, max: 5 },
  min_stop_distance_ratio: { min: 0.0005, max: 0.05 },
  max_stop_distance_ratio: { min: 0.01, max: 0.2 },
  max_spread_ratio: { min: 0.0005, max: 0.05 },
  max_quote_age_seconds: { min: 1, max: 300 },
  duplicate_window_seconds: { min: 5, max: 3_600 },
  approval_lifetime_seconds: { min: 5, max: 300 },
  max_consecutive_losses_per_symbol: { min: 1, max: 10 },
  symbol_cool_down_seconds: { min: 1, max: 23_400 },
  max_account_age_seconds: { min: 60, max: 600 },
  max_reconciliation_age_seconds: { min: 900, max: 7_200 },
  max_price_gap_ratio: { min: 0.001, max: 0.05 },
  max_stop_true_ranges: { min: 0.25, max: 5 },
  max_volume_ratio: { min: 0.0001, max: 0.05 },
  max_gross_ratio: { min: 0.1, max: 4 },
  max_drawdown_usd: { min: 1, max: 10_000, equity_ratio: 0.1 },
};
const ranges = Object.entries(PARAMETER_RANGES) as [keyof typeof PARAMETER_RANGES, Range][];

interface Account {
  equity_usd: DecimalString;
  last_equity_usd: DecimalString;
}
interface TooLarge {
  name: keyof typeof PARAMETER_RANGES;
  /** To the cent, and never below the range. */
  most: number;
  fault: string;
}

/**
 * Limits in dollars that are too large for the account; none where the account is not known. A loss
 * of the day does not move its own limit: the equity is that of the day before where it was more.
 */
export const tooLargeForAccount = (
  parameters: RiskParameters,
  account: Account | null,
): TooLarge[] => {
  if (account === null) return [];
  const equity = Exact.max(account.equity_usd, account.last_equity_usd);
  return ranges.flatMap(([name, { min, equity_ratio }]) => {
    if (equity_ratio === undefined) return [];
    const most = Exact.max(equity.times(equity_ratio).toDecimalPlaces(2, Exact.ROUND_DOWN), min);
    if (most.gte(parameters[name] ?? 0)) return [];
    const fault = `${name}: at most ${equity_ratio * 100} % of the equity of $${toCents(equity)}, which is $${toCents(most)}, was ${parameters[name]}`;
    return [{ name, most: most.toNumber(), fault }];
  });
};

const describeIssues = (candidate: unknown, issues: readonly z.core.$ZodIssue[]): string[] => {
  const given = typeof candidate === 'object' && candidate !== null ? candidate : {};
  if (Object.keys(given).length === 0)
    return ['the file holds no limits: expected a line for each, such as "max_positions: 5"'];
  return issues.map((issue) => {
    const name = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')}: not a risk parameter`;
    return name in given
      ? `${name}: ${issue.message.replace(/^Invalid input: /, '')}`
      : `${name}: missing; config/risk_parameters.yaml of the project has its line`;
  });
};

/**
 * Faults of a set of limits, each one sentence; empty when it may be used. Contradictions are
 * faults too: they make dead afternoons.
 */
export const checkParameters = (
  candidate: unknown,
): { parameters: RiskParameters; faults: [] } | { parameters: null; faults: string[] } => {
  const parsed = riskParameters.safeParse(candidate);
  if (!parsed.success)
    return { parameters: null, faults: describeIssues(candidate, parsed.error.issues) };
  const parameters = parsed.data;
  const faults = ranges
    .filter(([name, { min, max }]) => {
      const value = parameters[name];
      return value !== undefined && (value < min || value > max);
    })
    .map(([name, { min, max }]) => `${name}: from ${min} to ${max}, was ${parameters[name]}`);
  if (parameters.min_stop_distance_ratio >= parameters.max_stop_distance_ratio) {
    faults.push(
      `min_stop_distance_ratio ${parameters.min_stop_distance_ratio} is not below max_stop_distance_ratio ${parameters.max_stop_distance_ratio}: no stop would pass`,
    );
  }
  if (parameters.max_sector_ratio < parameters.max_position_ratio) {
    faults.push(
      `max_sector_ratio ${parameters.max_sector_ratio} is below max_position_ratio ${parameters.max_position_ratio}: no full position would pass`,
    );
  }
  if (parameters.max_gross_ratio < parameters.max_position_ratio) {
    faults.push(
      `max_gross_ratio ${parameters.max_gross_ratio} is below max_position_ratio ${parameters.max_position_ratio}: no full position would pass`,
    );
  }
  // what is out of range is not tried
  if (faults.length === 0) faults.push(...findDeadLimits(parameters));
  return faults.length > 0 ? { parameters: null, faults } : { parameters, faults: [] };
};
