import type { OrderIntent } from '@catalyst/contracts';
import { stableId, type Instant } from '@catalyst/domain';
import { windowAt, type SessionWindow } from '../../domain/session-windows.ts';
import { listLatestDecisions } from '../../store/decisions.ts';
import { dispatchTrade, recordTradeDecision, type TradeDecision } from '../dispatch-trade.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { proposeTrade } from '../propose-trade.ts';
import type { JobBody, JobScope } from '../run-job.ts';
import { findConfirmed, recordSkips, type Confirmed } from './find-confirmed.ts';
import { planTrade } from './plan-trade.ts';

const describe = ({
  candidate: { rank, catalyst_type },
  trigger: { pattern, reason },
}: Confirmed): string =>
  `rank ${rank}, ${catalyst_type ?? 'no'} catalyst, confidence ${pattern!.confidence.toFixed(2)}; ${reason}`;

/** The decision to enter or to propose, with everything that led to it. */
const decideTrade = (
  found: Confirmed,
  intent: OrderIntent,
  { day: { cycle }, due_at }: JobScope,
  window: SessionWindow,
  decided_at: Instant,
): TradeDecision => {
  const { candidate, scan_id, source, trigger, quote } = found;
  const { symbol, rank, composite_score, article_id, catalyst_type, headline } = candidate;
  const { cycle_id, session_mode } = cycle;
  const kind = session_mode === 'autonomous' ? 'enter' : 'propose';
  return {
    intent,
    confidence: trigger.pattern!.confidence,
    catalyst_type,
    source,
    headline,
    relative_volume: candidate.relative_volume ?? null,
    by: null,
    decision: {
      decision_id: stableId('decision', cycle_id, symbol, due_at, kind),
      cycle_id,
      symbol,
      decided_at,
      kind,
      outcome: 'decided',
      reason: describe(found),
      scan_id,
      article_id,
      intent_id: intent.intent_id,
      pattern: trigger.pattern!.pattern,
      inputs: { rank, composite_score, headline, trigger, quote, window: window.name, intent },
    },
  };
};

/** Carries a decision out, as an order or as a proposal; says in a word how it ended. */
const carryOut = async (
  deps: FlowDeps,
  trade: TradeDecision,
  { step }: JobScope,
): Promise<string> => {
  if (trade.decision.kind === 'propose') return proposeTrade(deps, trade, step);
  await recordTradeDecision(deps, trade);
  return (await dispatchTrade(deps, trade, step)).outcome;
};

/**
 * Each minute: the candidates whose trigger was confirmed become orders (autonomous) or proposals
 * (supervised), by rank.
 */
export const createEnterTrades =
  (deps: FlowDeps): JobBody =>
  async (scope) => {
    const { day, due_at } = scope;
    const window = windowAt(day.windows, due_at);
    if (!window || window.max_positions === 0) return;
    const confirmed = await scope.step(
      'confirmed',
      () => findConfirmed(deps, scope),
      (result) => result.length > 0,
    );
    for (const found of confirmed) {
      const { candidate, trigger, quote } = found;
      const { symbol } = candidate;
      const plan = await scope.step(`plan:${symbol}`, () => planTrade(deps, scope, window, found));
      if ('skip' in plan) {
        const earlier = await listLatestDecisions(deps.database, day.cycle.cycle_id);
        const inputs = { trigger, quote, window: window.name };
        await recordSkips(deps, scope, earlier, [
          { candidate, outcome: plan.skip, reason: plan.reason, inputs },
        ]);
        continue;
      }
      const trade = decideTrade(found, plan.intent, scope, window, deps.clock.now());
      scope.note(`${symbol} ${await carryOut(deps, trade, scope)}`);
    }
  };
