import type { OrderIntent } from '@catalyst/contracts';
import type { Commitment, RiskFacts } from './risk-facts.ts';

/** A trade that the limits as shipped let pass, of a stock at $50 on an account of $100,000. */
export const SAMPLE_INTENT: OrderIntent = {
  intent_id: '00000000-0000-8000-8000-000000000001',
  cycle_id: '00000000-0000-8000-8000-000000000002',
  symbol: 'ABCD',
  direction: 'long',
  qty: null,
  entry_price: '50',
  limit_price: '50.1',
  stop_price: '49',
  target_price: '52.5',
};

/** A desk on an ordinary morning that holds nothing. */
export const SAMPLE_FACTS: RiskFacts = {
  now: '2026-03-10T15:00:00.000Z',
  trading_state: 'active',
  trading_state_reason: 'armed',
  reconciliation: { reconciled: true, checked_at: '2026-03-10T15:00:00.000Z' },
  disk_shortage: null,
  account: {
    read_at: '2026-03-10T15:00:00.000Z',
    equity_usd: '100000',
    last_equity_usd: '100000',
    cash_usd: '100000',
    buying_power_usd: '200000',
    transfers_usd: '0',
    result_since_usd: '0',
    cash_since_usd: '0',
    maintenance_margin_usd: '0',
    blocked_reason: null,
  },
  commitments: [],
  sector: 'Health Care',
  is_tradable: true,
  is_shortable: true,
  trading: { halted: null, told_by: 'bars' },
  quote: {
    bid_price: '49.98',
    ask_price: '50',
    bid_size: '100',
    ask_size: '100',
    quoted_at: '2026-03-10T15:00:00.000Z',
  },
  last_bar: { close: '50', ended_at: '2026-03-10T15:00:00.000Z' },
  true_range: 1.5,
  daily_volume: 5_000_000,
  pattern_stops: [],
  open_at: '2026-03-10T13:30:00.000Z',
  last_entry_at: '2026-03-10T19:00:00.000Z',
  last_approved_at: null,
  last_exit_at: null,
  consecutive_losses: 0,
  closed_trades: [],
};

export const sampleCommitment = (symbol: string, over: Partial<Commitment> = {}): Commitment => ({
  symbol,
  direction: 'long',
  sector: 'Energy',
  notional_usd: '10000',
  pending_usd: '0',
  risk_usd: '100',
  correlation: 0.1,
  kind: 'position',
  ...over,
});
