import type { OrderIntent, Quote, TradingState, Trigger } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { planEntry, sharesAtRisk } from '../../domain/entry-intent.ts';
import {
  eligibleCandidates,
  type Candidate,
  type EarlierDecision,
} from '../../domain/market-view.ts';
import { windowAt, type SessionWindow } from '../../domain/session-windows.ts';
import {
  findSources,
  insertDecisions,
  listLatestDecisions,
  type DecisionRow,
} from '../../store/decisions.ts';
import { findEquity, listHeld } from '../../store/desk-reads.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { dispatchTrade, recordTradeDecision, type TradeDecision } from '../dispatch-trade.ts';
import { proposeTrade } from '../propose-trade.ts';
import type { JobBody, JobScope } from '../run-job.ts';

/**
 * A candidate whose trigger the last finished minute confirmed, with what is needed to decide about
 * it.
 */
interface Confirmed {
  candidate: Candidate;
  scan_id: string;
  source: string | null;
  trigger: Trigger;
  quote: Quote | null;
  trading_state: TradingState;
}

interface Skip {
  candidate: Candidate;
  outcome: string;
  reason: string;
  inputs: Record<string, unknown>;
}

type Plan = { intent: OrderIntent } | { skip: string; reason: string };

const by =
  (rankOf: ReadonlyMap<string, number>) =>
  (a: Trigger, b: Trigger): number =>
    rankOf.get(a.symbol)! - rankOf.get(b.symbol)! || (a.symbol < b.symbol ? -1 : 1);

/**
 * Stores why candidates were not entered, each only where the last reason to skip it was another.
 */
const recordSkips = async (
  { database, clock }: FlowDeps,
  { day, due_at }: JobScope,
  earlier: readonly EarlierDecision[],
  skips: readonly Skip[],
): Promise<void> => {
  if (skips.length === 0) return;
  const { cycle_id } = day.cycle;
  const last = new Map(
    earlier.filter(({ kind }) => kind === 'skip').map(({ symbol, outcome }) => [symbol, outcome]),
  );
  const rows = skips
    .filter(({ candidate, outcome }) => last.get(candidate.symbol) !== outcome)
    .map(({ candidate: { symbol, article_id }, outcome, reason, inputs }): DecisionRow => ({
      decision_id: stableId('decision', cycle_id, symbol, due_at, 'skip'),
      cycle_id,
      symbol,
      decided_at: clock.now(),
      kind: 'skip',
      outcome,
      reason,
      scan_id: day.view?.scan_id ?? null,
      article_id,
      intent_id: null,
      pattern: null,
      inputs,
    }));
  if (rows.length > 0) await insertDecisions(database, rows);
};

const findConfirmed = async (deps: FlowDeps, scope: JobScope): Promise<Confirmed[]> => {
  const { database, clock, pattern, risk, technical } = deps;
  const { day } = scope;
  const { view } = day;
  if (!view || view.candidates.length === 0) return [];
  const [held, decisions] = await Promise.all([
    listHeld(database),
    listLatestDecisions(database, day.cycle.cycle_id),
  ]);
  const eligible = eligibleCandidates(
    view,
    new Set(held.map(({ symbol }) => symbol)),
    decisions,
    clock.now(),
  );
  if (eligible.length === 0) return [];

  const candidates = new Map(eligible.map((candidate) => [candidate.symbol, candidate]));
  const { triggers } = await pattern.checkTriggers({
    body: { symbols: eligible.map(({ symbol }) => symbol) },
  });
  const known = triggers.filter(({ symbol }) => candidates.has(symbol));
  const waiting = known.filter(({ confirmed }) => !confirmed);
  await recordSkips(
    deps,
    scope,
    decisions,
    waiting.map(({ symbol, reason, close, volume_ratio }) => ({
      candidate: candidates.get(symbol)!,
      outcome: 'waiting_for_trigger',
      reason,
      inputs: { close, volume_ratio },
    })),
  );

  const confirmed = known
    .filter((trigger) => trigger.confirmed && trigger.pattern)
    .sort(by(new Map(eligible.map(({ symbol, rank }) => [symbol, rank]))));
  if (confirmed.length === 0) return [];
  const symbols = confirmed.map(({ symbol }) => symbol);
  const articles = eligible.flatMap(({ article_id }) => article_id ?? []);
  const [{ quotes }, { trading_state }, sources] = await Promise.all([
    technical.refreshQuotes({ body: { symbols } }),
    risk.showStatus(),
    findSources(database, articles),
  ]);
  const quoteOf = new Map(quotes.map((quote) => [quote.symbol, quote]));
  return confirmed.map((trigger) => {
    const candidate = candidates.get(trigger.symbol)!;
    return {
      candidate,
      scan_id: view.scan_id,
      source: candidate.article_id ? (sources.get(candidate.article_id) ?? null) : null,
      trigger,
      quote: quoteOf.get(trigger.symbol) ?? null,
      trading_state,
    };
  });
};

/**
 * The order that the desk means to make, no larger than the session window's risk allows; or why it
 * makes none.
 */
const planTrade = async (
  { database, risk }: FlowDeps,
  { day, due_at }: JobScope,
  window: SessionWindow,
  { candidate: { symbol }, trigger, quote, trading_state }: Confirmed,
): Promise<Plan> => {
  const { cycle_id } = day.cycle;
  if (trading_state !== 'active')
    return { skip: 'desk_not_active', reason: `the desk is ${trading_state}: nothing is entered` };
  const held = await listHeld(database);
  if (held.length >= window.max_positions)
    return {
      skip: 'window_full',
      reason: `${held.length} positions are held; the ${window.name} window allows ${window.max_positions}`,
    };
  const { stop, target } = trigger.pattern!;
  const planned = planEntry({ direction: 'long', quote, close: trigger.close, stop, target });
  if (!planned.is_sane) return { skip: planned.code, reason: planned.reason };

  const intent: OrderIntent = {
    intent_id: stableId('intent', cycle_id, symbol, due_at),
    cycle_id,
    symbol,
    direction: 'long',
    qty: null,
    ...planned.prices,
  };
  const [verdict, equity] = await Promise.all([
    risk.previewOrder({ body: intent }),
    findEquity(database),
  ]);
  // a refusal is left to the review, which keeps it
  if (verdict.verdict === 'refused' || equity === null) return { intent };
  const allowed = sharesAtRisk(equity, window.risk_per_trade_ratio, planned.prices);
  if (allowed === '0')
    return {
      skip: 'window_risk_too_small',
      reason: `one share risks more than ${window.risk_per_trade_ratio} of the equity, which the ${window.name} window allows`,
    };
  return { intent: Number(allowed) < Number(verdict.qty) ? { ...intent, qty: allowed } : intent };
};

const describe = ({
  candidate: { rank, catalyst_type },
  trigger: { pattern, reason },
}: Confirmed): string =>
  `rank ${rank}, ${catalyst_type ?? 'no'} catalyst, confidence ${pattern!.confidence.toFixed(2)}; ${reason}`;

/**
 * Each minute: the candidates whose trigger was confirmed become orders (autonomous) or proposals
 * (supervised), by rank.
 */
export const createEnterTrades =
  (deps: FlowDeps): JobBody =>
  async (scope) => {
    const { day, due_at } = scope;
    const { cycle_id, session_mode } = day.cycle;
    const window = windowAt(day.windows, due_at);
    if (!window || window.max_positions === 0) return;
    const confirmed = await scope.step(
      'confirmed',
      () => findConfirmed(deps, scope),
      (result) => result.length > 0,
    );
    for (const found of confirmed) {
      const {
        candidate: { symbol, rank, composite_score, article_id, catalyst_type, headline },
        scan_id,
        source,
        trigger,
        quote,
      } = found;
      const plan = await scope.step(`plan:${symbol}`, () => planTrade(deps, scope, window, found));
      if ('skip' in plan) {
        await recordSkips(deps, scope, await listLatestDecisions(deps.database, cycle_id), [
          {
            candidate: found.candidate,
            outcome: plan.skip,
            reason: plan.reason,
            inputs: { trigger, quote, window: window.name },
          },
        ]);
        continue;
      }
      const kind = session_mode === 'autonomous' ? 'enter' : 'propose';
      const trade: TradeDecision = {
        intent: plan.intent,
        confidence: trigger.pattern!.confidence,
        catalyst_type,
        source,
        by: 'workflow',
        decision: {
          decision_id: stableId('decision', cycle_id, symbol, due_at, kind),
          cycle_id,
          symbol,
          decided_at: deps.clock.now(),
          kind,
          outcome: 'decided',
          reason: describe(found),
          scan_id,
          article_id,
          intent_id: plan.intent.intent_id,
          pattern: trigger.pattern!.pattern,
          inputs: {
            rank,
            composite_score,
            headline,
            trigger,
            quote,
            window: window.name,
            intent: plan.intent,
          },
        },
      };
      if (kind === 'propose') {
        scope.note(`${symbol} ${await proposeTrade(deps, trade, scope.step)}`);
        continue;
      }
      await recordTradeDecision(deps, trade);
      scope.note(`${symbol} ${(await dispatchTrade(deps, trade, scope.step)).outcome}`);
    }
  };
