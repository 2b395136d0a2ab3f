import {
  decimalString,
  direction,
  instant,
  sessions,
  quantity,
  side,
  symbol,
  tradeDate,
  wholeQuantity,
} from '@catalyst/domain';
import { z } from 'zod';
import { accessKeyRoutes } from './access-keys.ts';
import { outsideText } from './outside-text.ts';
import { riskDecision, tradingState, tradingStateChange } from './risk.ts';
import { route } from './route.ts';
import { actReason, givenName } from './said-by.ts';
import { UNIVERSE_SIZE } from './scanner.ts';
import { toolCallRoutes } from './tool-calls.ts';
import { signalDeskRoutes } from './signal-desk.ts';
import { watchRoutes } from './watch.ts';

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

/** A trade waiting for a person: made by the cycle in supervised mode, or by a preview. */
export const proposal = z.object({
  proposal_id: z.uuid(),
  cycle_id: z.uuid(),
  origin: z.enum(['cycle', 'person']),
  symbol,
  direction,
  qty: quantity.nullable(),
  entry_price: decimalString,
  stop_price: decimalString,
  target_price: decimalString,
  verdict: riskDecision,
  /** What the trade would cost and could lose, in one sentence. */
  summary: z.string(),
  state: z.enum(['waiting', 'executed', 'expired', 'refused', 'rejected']),
  /** What became of it: a code of ours, with the broker's words after it where it refused. */
  outcome: outsideText.nullable(),
  created_at: instant,
  expires_at: instant,
});
export type Proposal = z.infer<typeof proposal>;

const limitValue = z.union([z.number(), z.boolean()]);

/** A limit that somebody else than the operator wants to be looser. */
export const limitProposal = z.object({
  proposal_id: z.uuid(),
  name: z.string(),
  old_value: limitValue,
  new_value: limitValue,
  reason: z.string(),
  asked_by: z.string(),
  state: z.enum(['waiting', 'confirmed', 'rejected']),
  decided_by: z.string().nullable(),
  created_at: instant,
  expires_at: instant,
});
export type LimitProposal = z.infer<typeof limitProposal>;

const limitChange = z.object({
  version: z.int(),
  name: z.string(),
  old_value: limitValue,
  /** The value that is asked for. */
  new_value: limitValue,
  /** Set where the change waits for the operator, and nothing is changed yet. */
  proposal_id: z.uuid().nullable().default(null),
});

export const alert = z.object({
  /** An id to acknowledge; a proposal that waits is listed as proposal:<its id>. */
  alert_id: z.string(),
  /** When it came last. */
  at: instant,
  severity: z.enum(['info', 'warning', 'critical']),
  code: z.string(),
  /** Ours, but it may quote whoever refused something. */
  message: outsideText,
  /** Which service raised it. */
  source: z.string(),
  first_at: instant,
  /** How often it came between the two. */
  count: z.int().min(1),
  acknowledged_at: instant.nullable(),
  acknowledged_by: z.string().nullable(),
  /** When a mail or the webhook first took it out of the machine. */
  sent_at: instant.nullable(),
});
export type Alert = z.infer<typeof alert>;

const by = givenName;
const reason = actReason;
const cycleId = z.object({ cycle_id: z.uuid() });

export const workflowApi = {
  startCycle: route('POST', '/api/v1/cycles', {
    summary:
      'Opens the cycle of a trading date; a second one on the same date is refused with CYCLE_EXISTS.',
    body: z.strictObject({
      trade_date: tradeDate.optional(),
      session_mode: sessionMode.default('autonomous'),
      universe_size: z.number().default(UNIVERSE_SIZE.default),
    }),
    response: cycle,
  }),
  showCurrentCycle: route('GET', '/api/v1/cycles/current', {
    summary: 'The latest cycle and how it goes.',
    response: cycleProgress,
  }),
  showMarket: route('GET', '/api/v1/market', {
    summary: 'Whether the exchange is open, and when the next scan, open and close are.',
    response: marketStanding,
  }),
  showStanding: route('GET', '/api/v1/standing', {
    summary: 'The trading state, the session and the time, in one short answer.',
    response: deskStanding,
  }),
  setSessionMode: route('PUT', '/api/v1/cycles/current/session-mode', {
    summary:
      'Says whether the session proposes or trades by itself: supervised at any time, autonomous by the operator alone.',
    body: z.strictObject({ session_mode: sessionMode, by, reason }),
    response: cycle,
  }),
  showPlan: route('GET', '/api/v1/plan', {
    summary: 'What the rest of the day brings, with times; of the next day where this one is over.',
    response: dayPlan,
  }),
  showTimeline: route('GET', '/api/v1/cycles/:cycle_id/timeline', {
    summary: 'Transitions, jobs, decisions and alerts of a cycle, oldest first.',
    params: cycleId,
    response: z.object({ cycle, entries: z.array(timelineEntry) }),
  }),
  stopCycle: route('POST', '/api/v1/cycles/:cycle_id/stop', {
    summary: 'Ends the day now: closes everything, reconciles, reports.',
    params: cycleId,
    body: z.strictObject({ by, reason }),
    response: cycle,
    repeatable: true,
  }),
  advanceReplay: route('POST', '/api/v1/replay/advance', {
    summary:
      'Replay: conducts the day up to an instant: steps the simulator, settles the fleet, runs what is due.',
    body: z.strictObject({ to: instant }),
    response: z.object({ now: instant, state: cycleState }),
    scope: 'step',
    repeatable: true,
  }),
  listDecisions: route('GET', '/api/v1/decisions', {
    summary: 'Decisions of a cycle, oldest first.',
    query: z.strictObject({ cycle_id: z.uuid() }),
    response: z.object({ decisions: z.array(decision) }),
  }),
  previewTrade: route('POST', '/api/v1/trades/preview', {
    summary:
      'Reviews a trade that a person has in mind and keeps it for five minutes as a proposal; nothing is sent.',
    body: z.strictObject({
      symbol,
      side,
      qty: wholeQuantity.nullable().default(null),
      stop_price: decimalString.optional(),
      target_price: decimalString.optional(),
      by,
      request_id: z.uuid(),
    }),
    response: proposal,
    repeatable: true,
  }),
  executeProposal: route('POST', '/api/v1/proposals/:proposal_id/execute', {
    summary: 'Executes a waiting proposal once, however often it is asked.',
    params: z.object({ proposal_id: z.uuid() }),
    body: z.strictObject({ by }),
    response: proposal,
    repeatable: true,
  }),
  rejectProposal: route('POST', '/api/v1/proposals/:proposal_id/reject', {
    summary: 'Turns a waiting proposal down.',
    params: z.object({ proposal_id: z.uuid() }),
    body: z.strictObject({ by, reason }),
    response: proposal,
    repeatable: true,
  }),
  listProposals: route('GET', '/api/v1/proposals', {
    summary: 'Proposals, newest first.',
    query: z.strictObject({
      state: z.enum(['waiting', 'all']).default('waiting'),
      /** What the cycle proposed, without what persons only previewed. */
      origin: z.enum(['cycle', 'any']).default('any'),
    }),
    response: z.object({ proposals: z.array(proposal) }),
  }),
  closePosition: route('POST', '/api/v1/positions/:position_id/close', {
    summary: 'A person closes one position at market.',
    params: z.object({ position_id: z.uuid() }),
    body: z.strictObject({ by, reason, request_id: z.uuid() }),
    response: z.object({ position_id: z.uuid(), symbol, status: z.string(), message: z.string() }),
    repeatable: true,
  }),
  moveStop: route('POST', '/api/v1/positions/:position_id/stop', {
    summary:
      "A person moves the stop of what is held towards the price; away from it only by the operator's key, with loosen.",
    params: z.object({ position_id: z.uuid() }),
    body: z.strictObject({
      stop_price: decimalString,
      loosen: z.boolean().default(false),
      by,
      reason,
      request_id: z.uuid(),
    }),
    response: z.object({ position_id: z.uuid(), symbol, status: z.string(), message: z.string() }),
    repeatable: true,
  }),
  reducePosition: route('POST', '/api/v1/positions/:position_id/reduce', {
    summary: 'A person sells a part of what is held at market; what stays is guarded before that.',
    params: z.object({ position_id: z.uuid() }),
    body: z.strictObject({ qty: wholeQuantity, by, reason, request_id: z.uuid() }),
    response: z.object({ position_id: z.uuid(), symbol, status: z.string(), message: z.string() }),
    repeatable: true,
  }),
  updateRiskParameter: route('PUT', '/api/v1/risk/parameters/:name', {
    summary:
      "Changes one limit: the operator's at once; another's at once where it tightens, else as a proposal.",
    params: z.object({ name: z.string() }),
    body: z.strictObject({ value: limitValue, by, reason }),
    response: limitChange,
  }),
  listLimitProposals: route('GET', '/api/v1/limit-proposals', {
    summary: "Looser limits that wait for the operator's yes, newest first.",
    response: z.object({ limit_proposals: z.array(limitProposal) }),
  }),
  confirmLimit: route('POST', '/api/v1/limit-proposals/:proposal_id/confirm', {
    summary: "The operator's yes to a looser limit.",
    params: z.object({ proposal_id: z.uuid() }),
    body: z.strictObject({ by }),
    response: limitChange,
  }),
  rejectLimit: route('POST', '/api/v1/limit-proposals/:proposal_id/reject', {
    summary: 'A no to a looser limit.',
    params: z.object({ proposal_id: z.uuid() }),
    body: z.strictObject({ by, reason }),
    response: limitProposal,
  }),
  changeTradingState: route('POST', '/api/v1/trading-state', {
    summary:
      'A person pauses, halts, flattens or resumes the desk; only the operator resumes, with a reason.',
    body: z.strictObject({ act: z.enum(['pause', 'halt', 'flatten', 'resume']), by, reason }),
    response: tradingStateChange,
    repeatable: true,
  }),
  cancelEntries: route('POST', '/api/v1/orders/cancel-entries', {
    summary:
      'A person cancels the entries that wait at the broker, of one symbol or of all; orders that protect held shares stay.',
    body: z.strictObject({ by, reason, symbol: symbol.optional() }),
    response: z.object({ canceled_orders: z.int() }),
    repeatable: true,
  }),
  listAlerts: route('GET', '/api/v1/alerts', {
    summary:
      'Alerts, those that nobody has acknowledged first, newest first, after the proposals that wait; a page at a time.',
    query: z.strictObject({
      state: z.enum(['unacknowledged', 'all']).default('all'),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      /** `next` of the page before. */
      after: z.uuid().optional(),
    }),
    response: z.object({ alerts: z.array(alert), next: z.uuid().nullable() }),
  }),
  acknowledgeAlerts: route('POST', '/api/v1/alerts/acknowledge', {
    summary:
      'Says that a person has seen them, so that each comes anew when it happens again; a second time changes nothing.',
    body: z.strictObject({ by, alert_ids: z.array(z.uuid()).min(1).max(200) }),
    response: z.object({ acknowledged: z.array(z.uuid()) }),
    repeatable: true,
  }),
  ...toolCallRoutes,
  ...accessKeyRoutes,
  ...signalDeskRoutes,
  ...watchRoutes,
};
