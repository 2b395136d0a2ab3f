import type { OrderIntent } from '@catalyst/contracts';
import type { Instant } from '@catalyst/domain';
import type { EntryPlan } from '../domain/entry-plan.ts';
import type { SkipCode } from '../domain/skip-code.ts';
import type { LocalDatabase, LocalWrites } from './local-database.ts';

/** What was decided about a signal: once, and never changed. */
export interface DecisionRow {
  signal_id: string;
  seq: number;
  decided_at: Instant;
  decision: 'enter' | 'skip';
  /** Why not; null where it was entered. */
  code: SkipCode | null;
  reason: string;
  /** The entry; in a dry run the one that would have been. */
  plan: EntryPlan | null;
  /** What the order life was asked for; null where nothing was. */
  intent: OrderIntent | null;
  approval_id: string | null;
  intent_hash: string | null;
  /** From then on the entry is not sent any more. */
  expires_at: Instant;
}

type StoredDecision = Omit<DecisionRow, 'plan' | 'intent'> & {
  plan: string | null;
  intent: string | null;
};
const toDecision = ({ plan, intent, ...row }: StoredDecision): DecisionRow => ({
  ...row,
  plan: plan === null ? null : (JSON.parse(plan) as EntryPlan),
  intent: intent === null ? null : (JSON.parse(intent) as OrderIntent),
});
const asText = (value: object | null): string | null =>
  value === null ? null : JSON.stringify(value);

/** False where the signal was decided before. */
export const insertDecision = (tx: LocalWrites, row: DecisionRow): boolean =>
  tx.run(
    `INSERT INTO decisions (signal_id, seq, decided_at, decision, code, reason, plan, intent,
       approval_id, intent_hash, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (signal_id) DO NOTHING`,
    row.signal_id,
    row.seq,
    row.decided_at,
    row.decision,
    row.code,
    row.reason,
    asText(row.plan),
    asText(row.intent),
    row.approval_id,
    row.intent_hash,
    row.expires_at,
  ) > 0;

export const createDecisionStore = (database: LocalDatabase) => ({
  /** The newest first. */
  latest: (limit: number): DecisionRow[] =>
    database
      .all<StoredDecision>(
        'SELECT * FROM decisions ORDER BY decided_at DESC, seq DESC LIMIT ?',
        limit,
      )
      .map(toDecision),
  read: (signal_id: string): DecisionRow | undefined =>
    database
      .all<StoredDecision>('SELECT * FROM decisions WHERE signal_id = ?', signal_id)
      .map(toDecision)[0],
  /** Decided to be entered, and cut off before the order was written down. */
  withoutOrder: (): DecisionRow[] =>
    database
      .all<StoredDecision>(
        `SELECT d.* FROM decisions d WHERE decision = 'enter'
           AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.approval_id = d.approval_id)
         ORDER BY seq`,
      )
      .map(toDecision),
});
export type DecisionStore = ReturnType<typeof createDecisionStore>;
