import type { TradingState } from '@catalyst/contracts';
import type { DecimalString } from '@catalyst/domain';

/**
 * Capacity that is taken: a position, a pending entry, or an approval that may still become one.
 */
export interface Commitment {
  symbol: string;
  /** Null where nobody knows it; all such count as one sector. */
  sector: string | null;
  notional_usd: DecimalString;
  /** Dollars that are lost from here on if its stop is hit, a pending entry's included. */
  risk_usd: DecimalString;
  /**
   * Return correlation with the symbol under review; null when there is too little history to say.
   */
  correlation: number | null;
  kind: 'position' | 'approval';
}

export interface AccountFacts {
  equity_usd: DecimalString;
  last_equity_usd: DecimalString;
  buying_power_usd: DecimalString;
  /** What executions since the account was read made of the day's result. */
  result_since_usd: DecimalString;
}

/** Everything a review looks at, read under one lock. */
export interface RiskFacts {
  now: string;
  trading_state: TradingState;
  trading_state_reason: string;
  is_reconciled: boolean;
  /** What is missing on the desk's disk; null where there is enough, and always in a replay. */
  disk_shortage: string | null;
  account: AccountFacts | null;
  commitments: readonly Commitment[];
  sector: string | null;
  is_shortable: boolean;
  quote: { bid_price: DecimalString; ask_price: DecimalString; quoted_at: string } | null;
  /** The last minute that has a bar: its close, and when it ended. */
  last_bar: { close: DecimalString; ended_at: string } | null;
  last_entry_at: string | null;
  /** When the symbol was last approved. */
  last_approved_at: string | null;
  /** Losing trades in a row on this symbol today. */
  consecutive_losses: number;
  /** R multiples of the desk's closed trades, oldest first. */
  closed_r_multiples: readonly number[];
}
