import {
  catalystType,
  decimalString,
  direction,
  exitReason,
  instant,
  symbol,
  tradeDate,
} from '@catalyst/domain';
import { z } from 'zod';
import { outsideText } from './outside-text.ts';
import { route } from './route.ts';
import { symbolStory } from './story.ts';
import { reconciliation } from './trading/index.ts';
import { cycleState } from './cycle.ts';

/** A metric, or null with the reason why it cannot be stated. */
export const metric = z.object({ value: z.number().nullable(), note: z.string().nullable() });
export type Metric = z.infer<typeof metric>;

export const trade = z.object({
  position_id: z.uuid(),
  symbol,
  side: direction,
  qty: decimalString,
  entry_at: instant,
  entry_price: decimalString,
  exit_at: instant,
  exit_price: decimalString,
  exit_reason: exitReason,
  realized_pnl_usd: decimalString,
  r_multiple: z.number().nullable(),
  hold_minutes: z.number(),
  pattern: z.string().nullable(),
  catalyst_type: catalystType.nullable(),
  headline: outsideText.nullable(),
  /** Why it was entered, in one sentence. */
  entry_reason: z.string().nullable(),
});
export type Trade = z.infer<typeof trade>;

/** What the trades cost and what is left of them. */
export const periodFees = z.object({
  fees_usd: decimalString,
  /** True while a part is estimated from the dated rates, since the broker has not charged it yet. */
  is_estimated: z.boolean(),
  net_pnl_usd: decimalString,
});
export type PeriodFees = z.infer<typeof periodFees>;

export const performance = z.object({
  period: z.enum(['daily', 'weekly', 'monthly']),
  from: tradeDate,
  to: tradeDate,
  trades: z.int(),
  wins: z.int(),
  losses: z.int(),
  /** Before fees. */
  realized_pnl_usd: decimalString,
  /** Null in reports that were made before fees were reckoned. */
  fees: periodFees.nullable().default(null),
  return_ratio: metric,
  win_rate: metric,
  profit_factor: metric,
  average_win_usd: metric,
  average_loss_usd: metric,
  largest_win_usd: metric,
  largest_loss_usd: metric,
  expectancy_r: metric,
  average_hold_minutes: metric,
  sharpe_ratio: metric,
  max_drawdown_usd: metric,
  by_pattern: z.array(
    z.object({ pattern: z.string(), trades: z.int(), realized_pnl_usd: decimalString }),
  ),
});
export type Performance = z.infer<typeof performance>;

/** Performance as it is asked for, with what is not closed yet. */
export const standingPerformance = performance.extend({
  /** Dates of the period on which the desk had a session. */
  sessions: z.int(),
  /** Equity as last read less equity before the period; null where the account was not read. */
  equity_change_usd: decimalString.nullable(),
  /** What is held now; null for a period that ended before today. */
  open: z
    .object({
      positions: z.int(),
      unrealized_pnl_usd: decimalString,
      /** Of shares of them that are sold already. */
      realized_pnl_usd: decimalString,
    })
    .nullable(),
});
export type StandingPerformance = z.infer<typeof standingPerformance>;

export const dailyReport = z.object({
  report_id: z.uuid(),
  cycle_id: z.uuid(),
  trade_date: tradeDate,
  mode: z.enum(['replay', 'paper', 'live']),
  cycle_state: cycleState,
  subject: z.string(),
  /** The result in one sentence. */
  verdict: z.string(),
  performance,
  trades: z.array(trade),
  trades_digest: z.string().regex(/^[0-9a-f]{64}$/),
  candidates: z.int(),
  universe: z.int(),
  securities: z.int(),
  orders: z.int(),
  fills: z.int(),
  open_positions: z.int(),
  open_orders: z.int(),
  reconciliation: reconciliation.nullable(),
  equity_curve: z.array(z.object({ at: instant, equity_usd: decimalString })),
  risk_used_ratio: z.number().nullable(),
  news: z.array(
    z.object({
      symbol,
      headline: outsideText,
      sentiment: z.number(),
      was_right: z.boolean().nullable(),
    }),
  ),
  /** One line each; a broker's words are among them. */
  errors: z.array(outsideText),
  /** Limits that were not checked in full, and what they did meanwhile. */
  limits_in_part: z.array(z.string()).default([]),
  next_session: z.string().nullable(),
  report_path: z.string(),
  mail: z.object({
    status: z.enum(['sent', 'pending', 'failed', 'not_configured']),
    to: z.string().nullable(),
    attempts: z.int(),
    message_id: z.string().nullable(),
    error: z.string().nullable(),
  }),
  created_at: instant,
});
export type DailyReport = z.infer<typeof dailyReport>;

export const reportingApi = {
  makeDailyReport: route('POST', '/api/v1/reports/daily', {
    summary:
      'Computes the day, stores it and mails it; a day that has its report keeps it unless the numbers changed, and is mailed once.',
    body: z.strictObject({ cycle_id: z.uuid() }),
    response: dailyReport,
    repeatable: true,
  }),
  showDailyReport: route('GET', '/api/v1/reports/daily/:trade_date', {
    summary: 'The stored report of a day.',
    params: z.object({ trade_date: tradeDate }),
    response: dailyReport,
  }),
  showPerformance: route('GET', '/api/v1/performance', {
    summary:
      'Performance over the day, week or month that ends with a date, by default today, and what is open now.',
    query: z.strictObject({
      period: z.enum(['daily', 'weekly', 'monthly']).default('daily'),
      trade_date: tradeDate.optional(),
      with_report: z.stringbool().default(false),
    }),
    response: standingPerformance.extend({
      /** Of the last day, where it is asked for; null before that is reported. */
      report: dailyReport.nullable().optional(),
    }),
  }),
  showJournal: route('GET', '/api/v1/journal', {
    summary: 'Closed trades with why they were entered and left, newest first.',
    query: z.strictObject({
      trade_date: tradeDate.optional(),
      limit: z.coerce.number().int().min(1).max(500).default(50),
    }),
    response: z.object({ trades: z.array(trade) }),
  }),
  tellStory: route('GET', '/api/v1/symbols/:symbol/story', {
    summary:
      'One stock on one trading date, by default the latest: news, scans, decisions, signals, what risk said, orders, fills, result.',
    params: z.object({ symbol }),
    query: z.strictObject({ trade_date: tradeDate.optional() }),
    response: symbolStory,
  }),
};
