import type { TradingState } from '@catalyst/contracts';
import type { DecimalString, Direction, Instant } from '@catalyst/domain';
import type { TradingKnown } from './find-halt.ts';
import type { ClosedTrade } from '../sizing/closed-trade.ts';

/**
 * Capacity that is taken: a position, a pending entry, or an approval that may still become one.
 */
export interface Commitment {
  symbol: string;
  direction: Direction;
  /** Null where nobody knows it; all such count as one sector. */
  sector: string | null;
  notional_usd: DecimalString;
  /** The part of it that the account has not paid yet: entries on their way and approvals. */
  pending_usd: DecimalString;
  /** Dollars that are lost from here on if its stop is hit, a pending entry's included. */
  risk_usd: DecimalString;
  /**
   * Return correlation with the symbol under review; null when there is too little history to say.
   */
  correlation: number | null;
  kind: 'position' | 'approval';
}

export interface AccountFacts {
  read_at: Instant;
  equity_usd: DecimalString;
  last_equity_usd: DecimalString;
  cash_usd: DecimalString;
  buying_power_usd: DecimalString;
  /** Deposits less withdrawals since the last close: they are no result. */
  transfers_usd: DecimalString;
  /** What executions since the account was read made of the day's result. */
  result_since_usd: DecimalString;
  /** What they made of the cash. */
  cash_since_usd: DecimalString;
  /** What the open positions must be covered by; null where the broker does not say. */
  maintenance_margin_usd: DecimalString | null;
  /** Why the broker takes no orders of this account; null where it takes them. */
  blocked_reason: string | null;
}

export interface QuoteFacts {
  bid_price: DecimalString;
  ask_price: DecimalString;
  bid_size: DecimalString;
  ask_size: DecimalString;
  quoted_at: Instant;
}

/** Everything a review looks at, read under one lock. */
export interface RiskFacts {
  now: Instant;
  trading_state: TradingState;
  trading_state_reason: string;
  /** The last reconciliation; null before the first. */
  reconciliation: { reconciled: boolean; checked_at: Instant } | null;
  /** What is missing on the desk's disk; null where there is enough, and always in a replay. */
  disk_shortage: string | null;
  account: AccountFacts | null;
  commitments: readonly Commitment[];
  sector: string | null;
  is_tradable: boolean;
  is_shortable: boolean;
  /** Whether the stock trades, and who says so. */
  trading: TradingKnown;
  quote: QuoteFacts | null;
  /** The last minute that has a bar: its close, and when it ended. */
  last_bar: { close: DecimalString; ended_at: Instant } | null;
  /** Mean of the last 14 daily true ranges, splits undone; null with fewer days. */
  true_range: number | null;
  /** Mean shares a day over the last 20 sessions; null with fewer than five. */
  daily_volume: number | null;
  /** Stops that a chart pattern of today places under a support, or over a resistance. */
  pattern_stops: readonly number[];
  open_at: Instant | null;
  last_entry_at: Instant | null;
  /** When the symbol was last approved. */
  last_approved_at: Instant | null;
  /** When a trade in this symbol last ended today. */
  last_exit_at: Instant | null;
  /** Losing trades in a row on this symbol today. */
  consecutive_losses: number;
  /** The desk's latest closed trades, the latest first. */
  closed_trades: readonly ClosedTrade[];
}
