import { decimalString, instant, sessions, symbol, tradeDate } from '@catalyst/domain';
import { z } from 'zod';
import { tradingState } from './risk.ts';

export const cycleState = z.enum([
  'scheduled',
  'scanning',
  'ready',
  'trading',
  'closing',
  'reporting',
  'closed',
  'failed',
]);
export type CycleState = z.infer<typeof cycleState>;
/** autonomous trades by itself; supervised makes proposals that a person approves. */
export const sessionMode = z.enum(['autonomous', 'supervised']);
export type SessionMode = z.infer<typeof sessionMode>;

export const cycle = z.object({
  cycle_id: z.uuid(),
  trade_date: tradeDate,
  state: cycleState,
  session_mode: sessionMode,
  universe_size: z.int(),
  open_at: instant,
  close_at: instant,
  is_half_day: z.boolean(),
  created_at: instant,
  updated_at: instant,
});
export type Cycle = z.infer<typeof cycle>;

/** The cycle with what a watcher wants to see beside it. */
export const cycleProgress = z.object({
  cycle,
  as_of: instant,
  next_job: z.object({ job: z.string(), due_at: instant }).nullable(),
  candidates: z.array(symbol),
  open_positions: z.int(),
  closed_positions: z.int(),
  day_pnl_usd: decimalString,
});
export type CycleProgress = z.infer<typeof cycleProgress>;

/** Whether the exchange is open, and when the desk is at work again. */
export const marketStanding = z.object({
  as_of: instant,
  session: z.enum(sessions),
  /** Why the desk conducts no cycle now; null where it does, or where it should. */
  closed_because: z.string().nullable(),
  /** The next session that begins after now. */
  next_session: z.object({
    trade_date: tradeDate,
    scan_at: instant,
    open_at: instant,
    close_at: instant,
  }),
  /** A scan of a session that is over, to look at: nothing of it can be proposed or entered. */
  last_session_scan: z
    .object({
      scan_id: z.uuid(),
      session_date: tradeDate,
      completed_at: instant,
      candidates: z.array(symbol),
    })
    .nullable(),
});
export type MarketStanding = z.infer<typeof marketStanding>;

/** What the schedule still brings, by job. */
export const dayPlan = z.object({
  as_of: instant,
  trade_date: tradeDate,
  /** Null while no cycle of that date was opened. */
  state: cycleState.nullable(),
  session_mode: sessionMode.nullable(),
  jobs: z.array(
    z.object({ job: z.string(), first_at: instant, last_at: instant, times: z.int().min(1) }),
  ),
});
export type DayPlan = z.infer<typeof dayPlan>;

/** How the desk stands, in the few facts that every answer to an agent begins with. */
export const deskStanding = z.object({
  as_of: instant,
  /** Null where risk does not answer. */
  trading: z.object({ state: tradingState, reason: z.string() }).nullable(),
  /** The latest cycle that is not of a day to come; null before the first. */
  cycle: cycle
    .pick({ cycle_id: true, trade_date: true, state: true, session_mode: true })
    .nullable(),
  /** What session of the exchange it is. */
  exchange: z.enum(sessions),
  /** Both as the market's standing tells them. */
  closed_because: marketStanding.shape.closed_because,
  next_session: marketStanding.shape.next_session.pick({ trade_date: true }),
});
export type DeskStanding = z.infer<typeof deskStanding>;

export const timelineEntry = z.object({
  at: instant,
  kind: z.enum(['transition', 'job', 'decision', 'alert']),
  title: z.string(),
  details: z.record(z.string(), z.unknown()),
});

export const decision = z.object({
  decision_id: z.uuid(),
  cycle_id: z.uuid(),
  symbol,
  decided_at: instant,
  kind: z.enum(['enter', 'skip', 'exit', 'propose']),
  outcome: z.string(),
  reason: z.string(),
  article_id: z.string().nullable(),
  intent_id: z.uuid().nullable(),
});
export type Decision = z.infer<typeof decision>;
