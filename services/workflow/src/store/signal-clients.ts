import type { SessionFact } from '@catalyst/contracts';
import type { Instant } from '@catalyst/domain';
import type { Queryable, Transaction } from '@catalyst/service-kit';

export interface ClientRow {
  client_id: string;
  name: string;
  created_at: Instant;
  last_seen_at: Instant | null;
}
const CLIENT = 'client_id, name, created_at, last_seen_at';

export const insertClient = async (
  db: Queryable,
  {
    client_id,
    name,
    created_by,
    created_at,
  }: Omit<ClientRow, 'last_seen_at'> & { created_by: string },
): Promise<void> => {
  await db.query(
    `INSERT INTO signal_clients (client_id, name, created_by, created_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING`,
    [client_id, name, created_by, created_at],
  );
};

export const findClient = async (
  db: Queryable,
  of: { client_id: string } | { name: string },
): Promise<ClientRow | null> => {
  const [row] =
    'name' in of
      ? await db.query<ClientRow>(`SELECT ${CLIENT} FROM signal_clients WHERE name = $1`, [of.name])
      : await db.query<ClientRow>(`SELECT ${CLIENT} FROM signal_clients WHERE client_id = $1`, [
          of.client_id,
        ]);
  return row ?? null;
};

export const listClients = (db: Queryable): Promise<ClientRow[]> =>
  db.query<ClientRow>(`SELECT ${CLIENT} FROM signal_clients ORDER BY name`);

export interface InvitationRow {
  code_sha256: string;
  client_id: string;
  scope: 'read' | 'trade';
  key_hours: number | null;
  created_by: string;
  created_at: Instant;
  expires_at: Instant;
  nonce_sha256: string | null;
  joined_at: Instant | null;
}

export const insertInvitation = async (
  db: Queryable,
  row: Omit<InvitationRow, 'nonce_sha256' | 'joined_at'>,
): Promise<void> => {
  await db.query(
    `INSERT INTO signal_invitations (code_sha256, client_id, scope, key_hours, created_by,
       created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [
      row.code_sha256,
      row.client_id,
      row.scope,
      row.key_hours,
      row.created_by,
      row.created_at,
      row.expires_at,
    ],
  );
};

/** Locked until the transaction ends, so that two who bring one code are told apart. */
export const takeInvitation = async (
  tx: Transaction,
  code_sha256: string,
): Promise<InvitationRow | null> => {
  const [row] = await tx.query<InvitationRow>(
    `SELECT code_sha256, client_id, scope, key_hours, created_by, created_at, expires_at,
       nonce_sha256, joined_at FROM signal_invitations WHERE code_sha256 = $1 FOR UPDATE`,
    [code_sha256],
  );
  return row ?? null;
};

export const markJoined = async (
  tx: Transaction,
  code_sha256: string,
  nonce_sha256: string,
  at: Instant,
): Promise<void> => {
  await tx.query(
    'UPDATE signal_invitations SET nonce_sha256 = $2, joined_at = $3 WHERE code_sha256 = $1',
    [code_sha256, nonce_sha256, at],
  );
};

/**
 * Nobody joins any more by what is forgotten, nor again by what was taken; that it was made stays in
 * the events. Returns how many were open.
 */
export const forgetInvitations = async (tx: Transaction, client_id: string): Promise<number> => {
  const forgotten = await tx.query<Pick<InvitationRow, 'joined_at'>>(
    'DELETE FROM signal_invitations WHERE client_id = $1 RETURNING joined_at',
    [client_id],
  );
  return forgotten.filter(({ joined_at }) => joined_at === null).length;
};

export const isForgotten = async (database: Queryable, code_sha256: string): Promise<boolean> =>
  (await database.query('SELECT 1 FROM signal_invitations WHERE code_sha256 = $1', [code_sha256]))
    .length === 0;

/** Appends what happened to a client, or to all; its number is what orchestration follows. */
export const addEvent = (
  tx: Transaction,
  client_id: string | null,
  kind: SessionFact['kind'] | 'invited' | 'joined' | 'settings' | 'limits' | 'revoked' | 'flag',
  details: Record<string, unknown>,
  at: Instant,
): void => {
  tx.beforeCommit(async () => {
    await tx.query(
      `INSERT INTO signal_events (seq, client_id, kind, details, at)
       VALUES (next_seq('signal_events'), $1, $2, $3, $4)`,
      [client_id, kind, JSON.stringify(details), at],
    );
  });
};

/** Whose settings, limits or key changed after a number; null stands for all. */
export const listChanges = (
  db: Queryable,
  after: number,
): Promise<{ seq: number; client_id: string | null }[]> =>
  db.query(
    `SELECT seq, client_id FROM signal_events
     WHERE seq > $1 AND kind IN ('settings', 'limits', 'revoked', 'flag') ORDER BY seq LIMIT 1000`,
    [after],
  );

export const findLastEvent = async (db: Queryable): Promise<number> => {
  const [row] = await db.query<{ last: number }>(
    'SELECT coalesce(max(seq), 0) AS last FROM signal_events',
  );
  return row!.last;
};
