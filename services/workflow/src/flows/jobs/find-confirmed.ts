import type { Quote, TradingState, Trigger } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import {
  eligibleCandidates,
  type Candidate,
  type EarlierDecision,
} from '../../domain/market-view.ts';
import {
  findSources,
  insertDecisions,
  listTaken,
  type DecisionRow,
} from '../../store/decisions.ts';
import type { FlowDeps } from '../flow-deps.ts';
import type { JobScope } from '../run-job.ts';

/**
 * A candidate whose trigger the last finished minute confirmed, with what is needed to decide about
 * it.
 */
export interface Confirmed {
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

const by =
  (rankOf: ReadonlyMap<string, number>) =>
  (a: Trigger, b: Trigger): number =>
    rankOf.get(a.symbol)! - rankOf.get(b.symbol)! || (a.symbol < b.symbol ? -1 : 1);

/**
 * Stores why candidates were not entered, each only where the last reason to skip it was another.
 */
export const recordSkips = async (
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

/** The candidates that may be entered now, by rank; those that wait are noted as skipped. */
export const findConfirmed = async (deps: FlowDeps, scope: JobScope): Promise<Confirmed[]> => {
  const { database, clock, pattern, risk, technical } = deps;
  const { day } = scope;
  const { view } = day;
  if (!view || view.candidates.length === 0) return [];
  const { held, decisions } = await listTaken(database, day.cycle.cycle_id);
  const eligible = eligibleCandidates(view, new Set(held), decisions, clock.now());
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
    waiting.map(({ symbol, reason, bar_missing, close, volume_ratio }) => ({
      candidate: candidates.get(symbol)!,
      outcome: bar_missing ? 'waiting_for_bar' : 'waiting_for_trigger',
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
