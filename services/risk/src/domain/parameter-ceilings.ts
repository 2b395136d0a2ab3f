import { riskParameters, type RiskParameters } from '@catalyst/contracts';

/** What no file and no tool can lift: the worst that a wrong number may do. */
export const HARD_CEILINGS: Readonly<Partial<Record<keyof RiskParameters, number>>> = {
  daily_loss_limit_usd: 10_000,
  max_position_ratio: 0.25,
  max_positions: 10,
  risk_per_trade_ratio: 0.02,
  max_spread_ratio: 0.05,
  max_quote_age_seconds: 300,
  approval_lifetime_seconds: 300,
};

/**
 * Faults of a set of limits, each one sentence; empty when it may be used. Contradictions are
 * faults too: they make dead afternoons.
 */
export const checkParameters = (
  candidate: unknown,
): { parameters: RiskParameters; faults: [] } | { parameters: null; faults: string[] } => {
  const parsed = riskParameters.safeParse(candidate);
  if (!parsed.success) {
    return {
      parameters: null,
      faults: parsed.error.issues.map((issue) =>
        issue.code === 'unrecognized_keys'
          ? `${issue.keys.join(', ')}: not a risk parameter`
          : `${issue.path.join('.')}: ${issue.message.replace(/^Invalid input: /, '')}`,
      ),
    };
  }
  const parameters = parsed.data;
  const faults = (Object.entries(HARD_CEILINGS) as [keyof RiskParameters, number][])
    .filter(([name, ceiling]) => (parameters[name] as number) > ceiling)
    .map(([name, ceiling]) => `${name}: at most ${ceiling}, was ${String(parameters[name])}`);
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
  return faults.length > 0 ? { parameters: null, faults } : { parameters, faults: [] };
};
