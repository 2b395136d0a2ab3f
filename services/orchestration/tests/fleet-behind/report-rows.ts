import { AT, CYCLE_ID, HOSTILE_HEADLINE, POSITION_ID, TODAY } from './desk-rows.ts';
import { candidate } from './scan-rows.ts';

const stated = (value: number | null, note: string | null = null) => ({ value, note });
/** The dates that have a cycle: today's, the one before, and one that was opened for later. */
const hasSession = (date: string) => ['2026-03-09', TODAY, '2026-12-24'].includes(date);
export const performance = (period: string, trade_date: string) => ({
  period,
  from: trade_date,
  to: trade_date,
  trades: 1,
  wins: 1,
  losses: 0,
  realized_pnl_usd: '220.00',
  return_ratio: stated(0.0022),
  win_rate: stated(1),
  profit_factor: stated(null, 'no losing trade to divide by'),
  average_win_usd: stated(220),
  average_loss_usd: stated(null, 'no losing trade'),
  largest_win_usd: stated(220),
  largest_loss_usd: stated(null, 'no losing trade'),
  expectancy_r: stated(2),
  average_hold_minutes: stated(75),
  sharpe_ratio: stated(null, 'needs 15 trading days, has 1'),
  max_drawdown_usd: stated(12.5),
  by_pattern: [],
  sessions: hasSession(trade_date) ? 1 : 0,
  equity_change_usd: hasSession(trade_date) ? '310.00' : null,
  open:
    trade_date === TODAY
      ? { positions: 1, unrealized_pnl_usd: '90.00', realized_pnl_usd: '0.00' }
      : null,
});
export const trade = {
  position_id: POSITION_ID,
  symbol: 'ACME',
  side: 'long',
  qty: '100',
  entry_at: AT,
  entry_price: '45.1',
  exit_at: '2026-03-10T15:15:00.000Z',
  exit_price: '47.3',
  exit_reason: 'target',
  realized_pnl_usd: '220.00',
  r_multiple: 2,
  hold_minutes: 75,
  pattern: 'bull_flag',
  catalyst_type: 'earnings',
  headline: HOSTILE_HEADLINE,
  entry_reason: 'the minute closed above 45.00',
};

export const story = {
  symbol: 'ACME',
  name: `${HOSTILE_HEADLINE} Inc.`,
  sector: null,
  cycle_id: CYCLE_ID,
  trade_date: TODAY,
  cycle_state: 'trading',
  verdict: 'bought 100 at 45.10 at 10:00, and 100 still held.',
  news: [
    {
      article_id: 'a-1',
      source: 'wire',
      headline: HOSTILE_HEADLINE,
      url: null,
      published_at: AT,
      first_seen_at: AT,
      sentiment: 0.8,
      scored_by: 'model',
      catalyst_type: 'earnings',
      catalyst_strength: 0.9,
      is_repeat: false,
    },
  ],
  scans: Array.from({ length: 60 }, (_, index) => ({
    ...candidate,
    symbol: undefined,
    scan_id: CYCLE_ID,
    phase: 'intraday',
    completed_at: AT,
    passed: index > 50,
    stage: index > 50 ? 'ranking' : 'pattern',
  })),
  decisions: [
    {
      decision_id: CYCLE_ID,
      decided_at: AT,
      kind: 'enter',
      outcome: 'ENTRY_REFUSED',
      reason: `the approved entry of ACME was not taken: ${HOSTILE_HEADLINE}`,
      article_id: null,
      intent_id: null,
      scan_id: null,
      pattern: null,
    },
  ],
  signals: [],
  reviews: [],
  proposals: [],
  orders: [],
  positions: [],
  afterwards: null,
};
