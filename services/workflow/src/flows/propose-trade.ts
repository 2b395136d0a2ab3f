import { proposalOutcomes, type Proposal } from '@catalyst/contracts';
import { later, stableId } from '@catalyst/domain';
import { summarizeTrade } from '../domain/person-trade.ts';
import { insertDecisions } from '../store/decisions.ts';
import { insertProposal, type StoredProposal } from '../store/proposals.ts';
import type { FlowDeps } from './flow-deps.ts';
import type { KeepStep, TradeDecision } from './dispatch-trade.ts';

/** A proposal waits this long for a person. */
export const PROPOSAL_LIFETIME_MS = 300_000;

/**
 * A proposal as its readers see it at `now`: what waited too long has expired, whether or not its
 * row says so yet.
 */
export const showProposal = (
  { intent, context, ...row }: StoredProposal,
  now: string,
): Proposal => {
  const { symbol, direction, qty, entry_price, stop_price, target_price } = intent;
  const isExpired = row.state === 'waiting' && context.execution === null && row.expires_at <= now;
  return {
    ...row,
    symbol,
    direction,
    qty,
    entry_price,
    stop_price,
    target_price,
    ...(isExpired && { state: 'expired' as const, outcome: proposalOutcomes.unanswered }),
  };
};

/**
 * Supervised: the trade is reviewed without reserving anything and put before a person; one that
 * risk would refuse is not put. Returns what became of it.
 */
export const proposeTrade = async (
  { risk, database, bus, clock }: FlowDeps,
  { intent, decision, confidence, catalyst_type, source, headline, relative_volume }: TradeDecision,
  keep: KeepStep,
): Promise<string> => {
  const verdict = await keep(`preview:${intent.symbol}`, () => risk.previewOrder({ body: intent }));
  const at = clock.now();
  const { cycle_id, symbol, scan_id, article_id, pattern, reason } = decision;
  if (verdict.verdict === 'refused') {
    await insertDecisions(database, [
      {
        ...decision,
        outcome: verdict.code,
        reason: `risk would refuse: ${verdict.message} (limit ${verdict.limit}, was ${verdict.value})`,
        inputs: { ...decision.inputs, verdict },
      },
    ]);
    return verdict.code;
  }
  // the person says yes to this many shares, not to whatever would fit a few minutes later
  const sized = { ...intent, qty: verdict.qty };
  const proposal: StoredProposal = {
    proposal_id: stableId('proposal', intent.intent_id),
    cycle_id,
    origin: 'cycle',
    intent: sized,
    verdict,
    summary: summarizeTrade(sized, verdict),
    state: 'waiting',
    outcome: null,
    context: {
      by: null,
      reason,
      confidence,
      scan_id,
      article_id,
      catalyst_type,
      source,
      headline,
      relative_volume,
      pattern,
      execution: null,
    },
    created_at: at,
    expires_at: later(at, PROPOSAL_LIFETIME_MS),
  };
  await database.transaction(async (tx) => {
    await insertDecisions(tx, [
      {
        ...decision,
        outcome: 'waiting',
        inputs: { ...decision.inputs, verdict, proposal_id: proposal.proposal_id },
      },
    ]);
    if (!(await insertProposal(tx, proposal))) return;
    bus.stage(tx, 'catalyst:trade_proposed', {
      cycle_id,
      proposal_id: proposal.proposal_id,
      symbol,
      summary: proposal.summary,
      expires_at: proposal.expires_at,
    });
  });
  return 'proposed';
};
