import type { Proposal } from '@catalyst/contracts';
import { stableId, type Instant } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { updateProposedOutcomes } from '../store/decisions.ts';
import {
  endProposal,
  expireProposals,
  findProposal,
  listWaitingProposals,
  markExecution,
  type StoredProposal,
} from '../store/proposals.ts';
import type { FlowDeps } from './flow-deps.ts';
import { dispatchTrade, recordTradeDecision, type TradeDecision } from './dispatch-trade.ts';
import { showProposal } from './propose-trade.ts';

const decisionOf = ({ proposal_id, cycle_id, intent, context }: StoredProposal): TradeDecision => {
  const { execution, reason, confidence, scan_id, article_id, catalyst_type, source, pattern } =
    context;
  const { by, asked_at } = execution!;
  return {
    intent,
    confidence,
    catalyst_type,
    source,
    headline: context.headline ?? null,
    relative_volume: context.relative_volume ?? null,
    by,
    decision: {
      decision_id: stableId('decision', proposal_id, 'enter'),
      cycle_id,
      symbol: intent.symbol,
      decided_at: asked_at,
      kind: 'enter',
      outcome: 'decided',
      reason: `${by} said yes: ${reason}`,
      scan_id,
      article_id,
      intent_id: intent.intent_id,
      pattern,
      inputs: { proposal_id, intent },
    },
  };
};

/**
 * Carries out what a person said yes to. Every id follows from the proposal, so it can be carried
 * out again after a crash without a second order.
 */
const carryOut = async (deps: FlowDeps, proposal: StoredProposal): Promise<void> => {
  const trade = decisionOf(proposal);
  const { is_sent, outcome, reason } = await dispatchTrade(deps, trade, (_name, work) => work());
  await deps.database.transaction(async (tx) => {
    await endProposal(
      tx,
      proposal.proposal_id,
      is_sent ? 'executed' : 'refused',
      reason ? `${outcome}: ${reason}` : outcome,
    );
    await updateProposedOutcomes(tx, [trade.decision.intent_id], is_sent ? 'executed' : outcome);
  });
};

/**
 * Finishes the executions among waiting proposals: a crash came between a person's yes and what
 * became of it.
 */
export const finishInterruptedExecutions = async (
  deps: FlowDeps,
  waiting?: readonly StoredProposal[],
): Promise<void> => {
  for (const proposal of waiting ?? (await listWaitingProposals(deps.database)))
    if (proposal.context.execution) await carryOut(deps, proposal);
};

/** Ends the proposals that nobody answered in time. */
export const expireOld = async ({ database }: FlowDeps, now: Instant): Promise<void> => {
  const expired = await expireProposals(database, now);
  if (expired.length > 0) await updateProposedOutcomes(database, expired, 'expired');
};

const find = async ({ database }: FlowDeps, proposal_id: string): Promise<StoredProposal> => {
  const proposal = await findProposal(database, proposal_id);
  if (!proposal)
    throw new AppError('NOT_FOUND', `there is no proposal ${proposal_id}`, { proposal_id });
  return proposal;
};

const refuseEnded = async (
  deps: FlowDeps,
  { proposal_id, state, expires_at, context, intent }: StoredProposal,
  act: string,
): Promise<void> => {
  const now = deps.clock.now();
  if (
    state === 'expired' ||
    (state === 'waiting' && context.execution === null && expires_at <= now)
  ) {
    await expireOld(deps, now);
    throw new AppError(
      'PROPOSAL_EXPIRED',
      `the proposal for ${intent.symbol} expired at ${expires_at}: preview the trade again`,
      { proposal_id, expires_at },
    );
  }
  if (state !== 'waiting')
    throw new AppError(
      'PROPOSAL_ENDED',
      `the proposal for ${intent.symbol} cannot be ${act}: it is ${state}`,
      { proposal_id, state },
    );
};

/** Executes a waiting proposal once. Asking again answers with what became of it. */
export const executeProposal = async (
  deps: FlowDeps,
  proposal_id: string,
  by: string,
): Promise<Proposal> => {
  const { clock, book } = deps;
  const proposal = await find(deps, proposal_id);
  if (proposal.state === 'executed' || proposal.state === 'refused')
    return showProposal(proposal, clock.now());
  await refuseEnded(deps, proposal, 'executed');
  if (!proposal.context.execution) {
    const day = await book.of(proposal.cycle_id);
    if (day?.cycle.state !== 'trading')
      throw new AppError(
        'CYCLE_NOT_ACTIVE',
        `nothing is entered while the cycle is ${day?.cycle.state ?? 'unknown'}`,
        { state: day?.cycle.state },
      );
    // minutes that nobody fetched since the preview would look like a halt
    await deps.technical.ingestBars({ body: { symbols: [proposal.intent.symbol] } });
  }
  const execution = proposal.context.execution ?? { by, asked_at: clock.now() };
  const asked: StoredProposal = { ...proposal, context: { ...proposal.context, execution } };
  await recordTradeDecision(deps, decisionOf(asked), (tx) =>
    markExecution(tx, proposal_id, execution),
  );
  await carryOut(deps, asked);
  return showProposal(await find(deps, proposal_id), clock.now());
};

/** Turns a waiting proposal down. */
export const rejectProposal = async (
  deps: FlowDeps,
  proposal_id: string,
  by: string,
  reason: string,
): Promise<Proposal> => {
  const { database, clock, audit } = deps;
  const proposal = await find(deps, proposal_id);
  if (proposal.state !== 'rejected') {
    await refuseEnded(deps, proposal, 'rejected');
    if (proposal.context.execution)
      throw new AppError(
        'PROPOSAL_ENDED',
        `the proposal for ${proposal.intent.symbol} is being executed`,
        { proposal_id },
      );
    await database.transaction(async (tx) => {
      await endProposal(tx, proposal_id, 'rejected', `${by}: ${reason}`);
      await updateProposedOutcomes(tx, [proposal.intent.intent_id], 'rejected');
      audit(tx, {
        on_behalf_of: by,
        action: 'proposal_rejected',
        subject: proposal_id,
        details: { reason },
      });
    });
  }
  return showProposal(await find(deps, proposal_id), clock.now());
};
