import { proposalOutcomes, type OrderIntent, type Proposal } from '@catalyst/contracts';
import type { Instant } from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';

/** Where a proposal comes from, as far as a later decision needs it. */
export interface ProposalContext {
  by: string | null;
  reason: string;
  confidence: number;
  scan_id: string | null;
  article_id: string | null;
  catalyst_type: string | null;
  source: string | null;
  /** Absent in a proposal that was kept before they were told. */
  headline?: string | null;
  relative_volume?: number | null;
  pattern: string | null;
  /**
   * Set once a person asked to execute it: from then on it no longer expires, and a restart
   * finishes it.
   */
  execution: { by: string; asked_at: Instant } | null;
}

export interface StoredProposal {
  proposal_id: string;
  cycle_id: string;
  origin: Proposal['origin'];
  intent: OrderIntent;
  context: ProposalContext;
  verdict: Proposal['verdict'];
  summary: string;
  state: Proposal['state'];
  outcome: string | null;
  created_at: Instant;
  expires_at: Instant;
}

const COLUMNS =
  'proposal_id, cycle_id, origin, intent, context, verdict, summary, state, outcome, created_at, expires_at';

/** Stores a proposal; false when it is stored already. */
export const insertProposal = async (db: Queryable, row: StoredProposal): Promise<boolean> => {
  const rows = await db.query(
    `INSERT INTO trade_proposals (proposal_id, cycle_id, origin, security_id, intent, context,
       verdict, summary, state, outcome, created_at, expires_at)
     VALUES ($1, $2, $3, get_or_create_security($4), $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT DO NOTHING RETURNING proposal_id`,
    [
      row.proposal_id,
      row.cycle_id,
      row.origin,
      row.intent.symbol,
      JSON.stringify(row.intent),
      JSON.stringify(row.context),
      JSON.stringify(row.verdict),
      row.summary,
      row.state,
      row.outcome,
      row.created_at,
      row.expires_at,
    ],
  );
  return rows.length > 0;
};

export const findProposal = async (
  db: Queryable,
  proposal_id: string,
): Promise<StoredProposal | null> => {
  const [row] = await db.query<StoredProposal>(
    `SELECT ${COLUMNS} FROM trade_proposals WHERE proposal_id = $1`,
    [proposal_id],
  );
  return row ?? null;
};

/** Waiting ones that have not expired, or the last two hundred of all, newest first. */
export const listProposals = (
  db: Queryable,
  state: 'waiting' | 'all',
  now: Instant,
  origin: Proposal['origin'] | 'any' = 'any',
): Promise<StoredProposal[]> =>
  db.query<StoredProposal>(
    `SELECT ${COLUMNS} FROM trade_proposals
     WHERE created_at <= $2 AND ($1 = 'all' OR (state = 'waiting' AND (expires_at > $2
       OR context -> 'execution' <> 'null'))) AND $3 IN ('any', origin)
     ORDER BY created_at DESC, proposal_id LIMIT 200`,
    [state, now, origin],
  );

/** Proposals that have not ended, oldest first. */
export const listWaitingProposals = (db: Queryable): Promise<StoredProposal[]> =>
  db.query<StoredProposal>(
    `SELECT ${COLUMNS} FROM trade_proposals WHERE state = 'waiting'
     ORDER BY created_at, proposal_id`,
  );

/**
 * Ends the oldest previews of a person where more than so many wait: nobody says yes to the
 * twenty-first.
 */
export const boundPreviews = async (db: Queryable, by: string, most: number): Promise<void> => {
  await db.query(
    `UPDATE trade_proposals SET state = 'expired', outcome = $3
     WHERE proposal_id IN (
       SELECT proposal_id FROM trade_proposals
       WHERE state = 'waiting' AND origin = 'person' AND context ->> 'by' = $1
         AND context -> 'execution' = 'null'
       ORDER BY created_at DESC, proposal_id OFFSET $2)`,
    [by, most, proposalOutcomes.replaced],
  );
};

export const markExecution = async (
  db: Queryable,
  proposal_id: string,
  execution: NonNullable<ProposalContext['execution']>,
): Promise<void> => {
  await db.query(
    `UPDATE trade_proposals SET context = jsonb_set(context, '{execution}', $2::jsonb)
     WHERE proposal_id = $1 AND state = 'waiting'`,
    [proposal_id, JSON.stringify(execution)],
  );
};

/** Ends a waiting proposal; one that has ended keeps its end. */
export const endProposal = async (
  db: Queryable,
  proposal_id: string,
  state: Exclude<Proposal['state'], 'waiting'>,
  outcome: string,
): Promise<void> => {
  await db.query(
    `UPDATE trade_proposals SET state = $2, outcome = $3
     WHERE proposal_id = $1 AND state = 'waiting'`,
    [proposal_id, state, outcome],
  );
};

/** Ends what waited too long; returns the intents that it concerns. */
export const expireProposals = async (db: Queryable, now: Instant): Promise<string[]> => {
  const rows = await db.query<{ intent_id: string }>(
    `UPDATE trade_proposals SET state = 'expired', outcome = $2
     WHERE state = 'waiting' AND expires_at <= $1 AND context -> 'execution' = 'null'
     RETURNING intent ->> 'intent_id' AS intent_id`,
    [now, proposalOutcomes.unanswered],
  );
  return rows.map(({ intent_id }) => intent_id).sort();
};
