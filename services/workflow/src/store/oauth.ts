import type { OauthModel, OauthScope } from '@catalyst/contracts';
import type { Instant } from '@catalyst/domain';
import type { Queryable, Transaction } from '@catalyst/service-kit';
import type { StoredKey } from './access-keys.ts';

export interface OauthRecord {
  model: OauthModel;
  id_hash: string;
  sealed: string;
  grant_id: string | null;
  scopes: OauthScope[] | null;
  created_at: Instant;
  expires_at: Instant;
}

export interface OauthGrant {
  grant_id: string;
  key_id: string;
  client_id_hash: string;
  client_name: string;
  redirect_host: string;
  resource: string;
}

/** Keeps a record in the place of an earlier one; whether it was used stays known. */
export const saveRecord = async (tx: Transaction, record: OauthRecord): Promise<void> => {
  await tx.query(
    `INSERT INTO oauth_records (model, id_hash, sealed, grant_id, scopes, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (model, id_hash) DO UPDATE
     SET sealed = EXCLUDED.sealed, expires_at = GREATEST(oauth_records.expires_at, EXCLUDED.expires_at)`,
    [
      record.model,
      record.id_hash,
      record.sealed,
      record.grant_id,
      record.scopes,
      record.created_at,
      record.expires_at,
    ],
  );
};

export const removeEndedRecords = async (tx: Transaction, at: Instant): Promise<void> => {
  await tx.query('DELETE FROM oauth_records WHERE expires_at <= $1', [at]);
};

/** Registered clients that the operator never let in: beyond so many the oldest are forgotten. */
export const boundClients = async (tx: Transaction, most: number): Promise<void> => {
  await tx.query(
    `DELETE FROM oauth_records r USING (
       SELECT id_hash FROM oauth_records c WHERE c.model = 'Client'
         AND NOT EXISTS (SELECT 1 FROM oauth_grants g WHERE g.client_id_hash = c.id_hash)
       ORDER BY c.created_at DESC, c.id_hash OFFSET $1) old
     WHERE r.model = 'Client' AND r.id_hash = old.id_hash`,
    [most],
  );
};

/** A record before its end, whose grant, if it has one, is in force. */
export const findRecord = async (
  db: Queryable,
  model: OauthModel,
  id_hash: string,
  at: Instant,
): Promise<{ sealed: string; is_consumed: boolean } | null> => {
  const [row] = await db.query<{ sealed: string; is_consumed: boolean }>(
    `SELECT r.sealed, r.consumed_at IS NOT NULL AS is_consumed FROM oauth_records r
     LEFT JOIN oauth_grants g USING (grant_id) LEFT JOIN access_keys k USING (key_id)
     WHERE r.model = $1 AND r.id_hash = $2 AND r.expires_at > $3
       AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $3)`,
    [model, id_hash, at],
  );
  return row ?? null;
};

/** True for the first who uses it. */
export const consumeRecord = async (
  db: Queryable,
  model: OauthModel,
  id_hash: string,
  at: Instant,
): Promise<boolean> => {
  const rows = await db.query(
    `UPDATE oauth_records SET consumed_at = $3
     WHERE model = $1 AND id_hash = $2 AND consumed_at IS NULL RETURNING id_hash`,
    [model, id_hash, at],
  );
  return rows.length > 0;
};

/** Forgets a record, and says of which grant it was; undefined where there was none. */
export const removeRecord = async (
  tx: Transaction,
  model: OauthModel,
  id_hash: string,
): Promise<{ grant_id: string | null } | undefined> => {
  const [row] = await tx.query<{ grant_id: string | null }>(
    'DELETE FROM oauth_records WHERE model = $1 AND id_hash = $2 RETURNING grant_id',
    [model, id_hash],
  );
  return row;
};

/** Forgets all that a grant gave. */
export const removeRecordsOf = async (tx: Transaction, grant_id: string): Promise<boolean> => {
  const rows = await tx.query('DELETE FROM oauth_records WHERE grant_id = $1 RETURNING id_hash', [
    grant_id,
  ]);
  return rows.length > 0;
};

export const insertGrant = async (tx: Transaction, grant: OauthGrant): Promise<void> => {
  await tx.query(
    `INSERT INTO oauth_grants (grant_id, key_id, client_id_hash, client_name, redirect_host, resource)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [
      grant.grant_id,
      grant.key_id,
      grant.client_id_hash,
      grant.client_name,
      grant.redirect_host,
      grant.resource,
    ],
  );
};

/** A client that was let in is known for as long as its grant. */
export const keepClient = async (tx: Transaction, id_hash: string, until: Instant) => {
  await tx.query(
    `UPDATE oauth_records SET expires_at = GREATEST(expires_at, $2)
     WHERE model = 'Client' AND id_hash = $1`,
    [id_hash, until],
  );
};

export const findGrantKey = async (db: Queryable, grant_id: string): Promise<string | null> => {
  const [row] = await db.query<{ key_id: string }>(
    'SELECT key_id FROM oauth_grants WHERE grant_id = $1',
    [grant_id],
  );
  return row?.key_id ?? null;
};

/** The key that an access token stands for at an address, with what the token may do. */
export const findKeyOfToken = async (
  db: Queryable,
  token_hash: string,
  resource: string,
  at: Instant,
): Promise<(StoredKey & { token_scopes: OauthScope[] }) | null> => {
  const [row] = await db.query<StoredKey & { token_scopes: OauthScope[] }>(
    `SELECT k.key_id, k.kind, k.name, k.scopes, k.created_by, k.created_at, k.expires_at,
       k.revoked_by, k.revoked_at, k.last_used_at, r.scopes AS token_scopes
     FROM oauth_records r JOIN oauth_grants g USING (grant_id) JOIN access_keys k USING (key_id)
     WHERE r.model = 'AccessToken' AND r.id_hash = $1 AND r.expires_at > $3 AND g.resource = $2`,
    [token_hash, resource, at],
  );
  return row ?? null;
};

/** The grant that a key was made for, if it was made for one. */
export const findGrantOfKey = async (db: Queryable, key_id: string): Promise<string | null> => {
  const [row] = await db.query<{ grant_id: string }>(
    'SELECT grant_id FROM oauth_grants WHERE key_id = $1',
    [key_id],
  );
  return row?.grant_id ?? null;
};
