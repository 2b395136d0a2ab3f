import { createHash } from 'node:crypto';
import type { OrderIntent, RiskApproval, RiskDecision } from '@catalyst/contracts';
import { canonicalJson } from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';

// serialises reviews, so that two orders at once cannot both take the last place
const REVIEW_LOCK = 5004;

/** The hash by which trading recognises the intent that was approved. */
export const hashIntent = (intent: OrderIntent): string =>
  createHash('sha256').update(canonicalJson(intent)).digest('hex');

/** Reviews one after the other, their decisions and approvals. */
export const createDecisionStore = () => ({
  lockReviews: async (tx: Queryable): Promise<void> =>
    void (await tx.query('SELECT pg_advisory_xact_lock($1)', [REVIEW_LOCK])),

  readDecision: async (db: Queryable, intentId: string) =>
    (
      await db.query<{ intent: OrderIntent; decision: RiskDecision }>(
        'SELECT intent, decision FROM risk_decisions WHERE intent_id = $1',
        [intentId],
      )
    )[0],

  addDecision: async (
    tx: Queryable,
    intent: OrderIntent,
    securityId: number,
    decision: RiskDecision,
    at: string,
  ): Promise<void> => {
    await tx.query(
      `INSERT INTO risk_decisions (intent_id, cycle_id, security_id, intent, verdict, code,
         decision, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        intent.intent_id,
        intent.cycle_id,
        securityId,
        JSON.stringify(intent),
        decision.verdict,
        decision.verdict === 'refused' ? decision.code : null,
        JSON.stringify(decision),
        at,
      ],
    );
  },

  addApproval: async (
    tx: Queryable,
    intent: OrderIntent,
    securityId: number,
    approval: RiskApproval,
    at: string,
  ): Promise<void> => {
    await tx.query(
      `INSERT INTO risk_approvals (approval_id, intent_id, intent_hash, cycle_id, security_id,
         direction, qty, entry_price, risk_usd, notional_usd, approved_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        approval.approval_id,
        intent.intent_id,
        hashIntent(intent),
        intent.cycle_id,
        securityId,
        intent.direction,
        approval.qty,
        intent.entry_price,
        approval.risk_usd,
        approval.notional_usd,
        at,
        approval.expires_at,
      ],
    );
  },
});
