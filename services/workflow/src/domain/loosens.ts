import type { RiskParameters } from '@catalyst/contracts';

/** Which way each limit lets the desk risk more. */
const LOOSER: Readonly<Record<keyof RiskParameters, 'higher' | 'lower'>> = {
  daily_loss_limit_usd: 'higher',
  warning_ratio: 'higher',
  max_position_ratio: 'higher',
  max_positions: 'higher',
  max_correlation: 'higher',
  max_sector_ratio: 'higher',
  risk_per_trade_ratio: 'higher',
  min_reward_to_risk: 'lower',
  min_stop_distance_ratio: 'lower',
  max_stop_distance_ratio: 'higher',
  max_spread_ratio: 'higher',
  max_quote_age_seconds: 'higher',
  duplicate_window_seconds: 'lower',
  approval_lifetime_seconds: 'higher',
  max_consecutive_losses_per_symbol: 'higher',
  symbol_cool_down_seconds: 'lower',
  max_account_age_seconds: 'higher',
  max_reconciliation_age_seconds: 'higher',
  max_price_gap_ratio: 'higher',
  max_stop_true_ranges: 'higher',
  max_volume_ratio: 'higher',
  max_gross_ratio: 'higher',
  max_drawdown_usd: 'higher',
  allow_short: 'higher',
};

/** True where a new value lets the desk risk more than the old one; true counts as more than false. */
export const loosens = (
  name: keyof RiskParameters,
  from: number | boolean,
  to: number | boolean,
): boolean => (LOOSER[name] === 'higher' ? Number(to) > Number(from) : Number(to) < Number(from));
