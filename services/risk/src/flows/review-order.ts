import type { OrderIntent, RiskDecision, RiskParameters } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { AppError, type Alerts, type RecordAudit } from '@catalyst/service-kit';
import { reviewIntent } from '../domain/review/review-intent.ts';
import type { AccountFacts, RiskFacts } from '../domain/review/risk-facts.ts';
import type { Store } from '../store/create-store.ts';
import { hashIntent } from '../store/decisions.ts';
import type { GatherFacts } from './gather-facts.ts';
import type { TradingStateInForce } from './trading-state-in-force.ts';

interface Deps {
  store: Store;
  alerts: Alerts;
  audit: RecordAudit;
  parametersFor: (account: AccountFacts | null) => RiskParameters;
  inForce: TradingStateInForce;
  gatherFacts: GatherFacts;
}

/**
 * Reviews an intent once, under one lock, and reserves the capacity of what it approves. Asking
 * again gives the stored answer.
 */
export const createReviewOrder = ({
  store,
  alerts,
  audit,
  parametersFor,
  inForce,
  gatherFacts,
}: Deps) => {
  const decide = (intent: OrderIntent, facts: RiskFacts): RiskDecision => {
    const outcome = reviewIntent(intent, facts, parametersFor(facts.account));
    const { intent_id } = intent;
    return outcome.verdict === 'refused'
      ? { ...outcome, intent_id }
      : { ...outcome, intent_id, approval_id: stableId('approval', intent_id) };
  };

  return {
    /** The review without a reservation. */
    previewOrder: (intent: OrderIntent): Promise<RiskDecision> =>
      store.transaction(async (tx) => decide(intent, (await gatherFacts(tx, intent)).facts)),

    reviewOrder: async (intent: OrderIntent): Promise<RiskDecision> => {
      await inForce.latch();
      return store.transaction(async (tx) => {
        await store.lockReviews(tx);
        const earlier = await store.readDecision(tx, intent.intent_id);
        if (earlier) {
          if (hashIntent(earlier.intent) !== hashIntent(intent))
            throw new AppError(
              'INVALID_REQUEST',
              `intent ${intent.intent_id} was reviewed with other values: give a changed intent a new id`,
            );
          return earlier.decision;
        }
        const { facts, security_id } = await gatherFacts(tx, intent);
        const decision = decide(intent, facts);
        await store.addDecision(tx, intent, security_id, decision, facts.now);
        if (decision.verdict === 'approved') {
          await store.addApproval(tx, intent, security_id, decision, facts.now);
          audit(tx, {
            actor: 'risk',
            action: 'order_approved',
            subject: intent.symbol,
            details: {
              intent_id: intent.intent_id,
              qty: decision.qty,
              risk_usd: decision.risk_usd,
            },
          });
        } else {
          const event = {
            event_id: stableId('refusal', intent.intent_id),
            cycle_id: intent.cycle_id,
            severity: 'info' as const,
            code: decision.code,
            message: `${intent.symbol}: ${decision.message}`,
            used_ratio: null,
            at: facts.now,
          };
          await store.addEvent(tx, event);
          audit(tx, {
            actor: 'risk',
            action: 'order_refused',
            subject: intent.symbol,
            details: {
              intent_id: intent.intent_id,
              code: decision.code,
              limit: decision.limit,
              value: decision.value,
            },
          });
          alerts.stage(tx, { ...event, subject: intent.symbol });
        }
        return decision;
      });
    },
  };
};
