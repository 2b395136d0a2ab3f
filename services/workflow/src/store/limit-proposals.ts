import type { LimitProposal } from '@catalyst/contracts';
import type { Instant } from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';

const COLUMNS =
  'proposal_id, name, old_value, new_value, reason, asked_by, state, decided_by, created_at, expires_at';

/** Stores a proposal once. */
export const insertLimitProposal = async (
  db: Queryable,
  row: Omit<LimitProposal, 'decided_by'>,
): Promise<boolean> => {
  const rows = await db.query(
    `INSERT INTO limit_proposals (proposal_id, name, old_value, new_value, reason, asked_by, state,
       created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT DO NOTHING RETURNING proposal_id`,
    [
      row.proposal_id,
      row.name,
      JSON.stringify(row.old_value),
      JSON.stringify(row.new_value),
      row.reason,
      row.asked_by,
      row.state,
      row.created_at,
      row.expires_at,
    ],
  );
  return rows.length > 0;
};

/** Those that wait and have not expired, newest first. */
export const listWaitingLimits = (db: Queryable, now: Instant): Promise<LimitProposal[]> =>
  db.query<LimitProposal>(
    `SELECT ${COLUMNS} FROM limit_proposals WHERE state = 'waiting' AND expires_at > $1
     ORDER BY created_at DESC, proposal_id`,
    [now],
  );

export const findLimitProposal = async (
  db: Queryable,
  proposal_id: string,
): Promise<LimitProposal | undefined> =>
  (
    await db.query<LimitProposal>(`SELECT ${COLUMNS} FROM limit_proposals WHERE proposal_id = $1`, [
      proposal_id,
    ])
  )[0];

/** Ends a waiting one; one that has ended keeps its end. */
export const endLimitProposal = async (
  db: Queryable,
  proposal_id: string,
  state: 'confirmed' | 'rejected',
  decided_by: string,
): Promise<void> => {
  await db.query(
    `UPDATE limit_proposals SET state = $2, decided_by = $3
     WHERE proposal_id = $1 AND state = 'waiting'`,
    [proposal_id, state, decided_by],
  );
};
