import {
  decimalString,
  instant,
  ownExit,
  side,
  symbol,
  tradeDate,
  wholeQuantity,
} from '@catalyst/domain';
import { z } from 'zod';
import { accessKeyRoutes } from './access-keys.ts';
import { alert } from './alert.ts';
import {
  cycle,
  cycleProgress,
  cycleState,
  dayPlan,
  decision,
  deskStanding,
  marketStanding,
  sessionMode,
  timelineEntry,
} from './cycle.ts';
import { oauthRoutes } from './oauth.ts';
import { operatorRoutes } from './operator.ts';
import { limitChange, limitProposal, limitValue, proposal } from './proposal.ts';
import { tradingStateChange } from './risk.ts';
import { route } from './route.ts';
import { actReason, givenName } from './said-by.ts';
import { UNIVERSE_SIZE } from './scanner.ts';
import { clientOrderId } from './trading/index.ts';
import { toolCallRoutes } from './tool-calls.ts';
import { signalDeskRoutes } from './signal-desk.ts';
import { watchRoutes } from './watch.ts';

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
  placeExit: route('POST', '/api/v1/positions/:position_id/exit-order', {
    summary:
      'A person lets what is held leave by an order of their own that waits at the broker and guards all of it: a limit, a pair of limit and stop, a stop-limit or a trailing stop.',
    params: z.object({ position_id: z.uuid() }),
    body: z.strictObject({ exit: ownExit, by, reason, request_id: z.uuid() }),
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
      'A person cancels the entries that wait at the broker: all, those of one symbol, or one by its client_order_id; orders that protect held shares stay.',
    body: z.strictObject({
      by,
      reason,
      symbol: symbol.optional(),
      client_order_id: clientOrderId.optional(),
    }),
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
  ...operatorRoutes,
  ...oauthRoutes,
  ...signalDeskRoutes,
  ...watchRoutes,
};
