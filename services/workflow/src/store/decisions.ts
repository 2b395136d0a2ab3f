import type { Decision } from '@catalyst/contracts';
import type { Instant } from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';
import type { EarlierDecision } from '../domain/market-view.ts';

export interface DecisionRow {
  decision_id: string;
  cycle_id: string;
  symbol: string;
  decided_at: Instant;
  kind: Decision['kind'];
  /** A word for what became of it: `submitted`, `waiting_for_trigger`, `waiting_for_bar`, a refusal's code. */
  outcome: string;
  reason: string;
  scan_id: string | null;
  article_id: string | null;
  intent_id: string | null;
  pattern: string | null;
  inputs: Record<string, unknown>;
}

/**
 * Stores decisions in one statement; those that are stored already stay as they are. Returns the
 * ids that are new.
 */
export const insertDecisions = async (
  db: Queryable,
  rows: readonly DecisionRow[],
): Promise<Set<string>> => {
  const stored = await db.query<{ decision_id: string }>(
    `INSERT INTO decision_logs (decision_id, cycle_id, security_id, decided_at, kind, outcome,
       reason, scan_id, article_id, intent_id, pattern, inputs)
     SELECT r.decision_id, r.cycle_id, get_or_create_security(r.symbol), r.decided_at, r.kind,
       r.outcome, r.reason, r.scan_id, r.article_id, r.intent_id, r.pattern, r.inputs
     FROM jsonb_to_recordset($1::jsonb) AS r(decision_id uuid, cycle_id uuid, symbol text,
       decided_at timestamptz, kind text, outcome text, reason text,
       scan_id uuid, article_id uuid, intent_id uuid, pattern text, inputs jsonb)
     ON CONFLICT (decision_id) DO NOTHING RETURNING decision_id`,
    [JSON.stringify(rows)],
  );
  return new Set(stored.map(({ decision_id }) => decision_id));
};

/** What became of a decision, added to its inputs: the verdict with its numbers, the order. */
export const updateOutcome = async (
  db: Queryable,
  decision_id: string,
  outcome: string,
  reason: string | null,
  inputs: Record<string, unknown>,
): Promise<void> => {
  await db.query(
    `UPDATE decision_logs SET outcome = $2, reason = coalesce($3, reason),
       inputs = inputs || $4::jsonb WHERE decision_id = $1`,
    [decision_id, outcome, reason, JSON.stringify(inputs)],
  );
};

export const listDecisions = (db: Queryable, cycle_id: string): Promise<Decision[]> =>
  db.query<Decision>(
    `SELECT d.decision_id, d.cycle_id, s.symbol, d.decided_at, d.kind, d.outcome, d.reason,
       d.article_id::text AS article_id, d.intent_id
     FROM decision_logs d JOIN v_securities s USING (security_id) WHERE d.cycle_id = $1
     ORDER BY d.decided_at, s.symbol, d.kind, d.decision_id`,
    [cycle_id],
  );

/**
 * The latest decision of each symbol and kind: enough to know whom to try again and whether a
 * reason to skip is new.
 */
export const listLatestDecisions = (db: Queryable, cycle_id: string): Promise<EarlierDecision[]> =>
  db.query<EarlierDecision>(
    `SELECT DISTINCT ON (s.symbol, d.kind) s.symbol, d.kind, d.outcome, d.decided_at
     FROM decision_logs d JOIN v_securities s USING (security_id) WHERE d.cycle_id = $1
     ORDER BY s.symbol, d.kind, d.decided_at DESC, d.decision_id`,
    [cycle_id],
  );

/** Symbols that are held, and `listLatestDecisions`, in one statement: it is asked each minute. */
export const listTaken = async (
  db: Queryable,
  cycle_id: string,
): Promise<{ held: string[]; decisions: EarlierDecision[] }> => {
  const rows = await db.query<EarlierDecision | { symbol: string; kind: null }>(
    `SELECT * FROM (SELECT DISTINCT ON (s.symbol, d.kind) s.symbol, d.kind, d.outcome, d.decided_at
       FROM decision_logs d JOIN v_securities s USING (security_id) WHERE d.cycle_id = $1
       ORDER BY s.symbol, d.kind, d.decided_at DESC, d.decision_id) AS latest
     UNION ALL
     SELECT symbol, NULL, NULL, NULL FROM v_positions WHERE status <> 'closed'`,
    [cycle_id],
  );
  return {
    held: rows.filter(({ kind }) => kind === null).map(({ symbol }) => symbol),
    decisions: rows.filter((row): row is EarlierDecision => row.kind !== null),
  };
};

export const findSources = async (
  db: Queryable,
  article_ids: readonly string[],
): Promise<Map<string, string>> => {
  const rows = await db.query<{ article_id: string; source: string }>(
    'SELECT article_id, source FROM v_article_sources WHERE article_id = ANY ($1::uuid[])',
    [article_ids],
  );
  return new Map(rows.map(({ article_id, source }) => [article_id, source]));
};

/** Tells proposed trades what became of them. */
export const updateProposedOutcomes = async (
  db: Queryable,
  intent_ids: readonly string[],
  outcome: string,
): Promise<void> => {
  await db.query(
    "UPDATE decision_logs SET outcome = $2 WHERE intent_id = ANY ($1::uuid[]) AND kind = 'propose'",
    [intent_ids, outcome],
  );
};
