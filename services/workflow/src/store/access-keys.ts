import type { AccessKey, AccessKind } from '@catalyst/contracts';
import type { Instant } from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';

/** A key as it is kept; whether it is in force follows from the time at which it is asked. */
export type StoredKey = Omit<AccessKey, 'state'>;
export type NewKey = StoredKey & { key_hash: string; is_installed: boolean };

const COLUMNS =
  'key_id, kind, name, scopes, created_by, created_at, expires_at, revoked_by, revoked_at, last_used_at';

/** Stores a key; false where its hash, or its name among unrevoked keys, is there already. */
export const insertKey = async (db: Queryable, key: NewKey): Promise<boolean> => {
  const rows = await db.query(
    `INSERT INTO access_keys (key_id, kind, name, scopes, key_hash, is_installed, created_by,
       created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING key_id`,
    [
      key.key_id,
      key.kind,
      key.name,
      key.scopes,
      key.key_hash,
      key.is_installed,
      key.created_by,
      key.created_at,
      key.expires_at,
    ],
  );
  return rows.length > 0;
};

export const findKey = async (db: Queryable, key_id: string): Promise<StoredKey | null> => {
  const [row] = await db.query<StoredKey>(`SELECT ${COLUMNS} FROM access_keys WHERE key_id = $1`, [
    key_id,
  ]);
  return row ?? null;
};

export const findKeyByHash = async (
  db: Queryable,
  kind: AccessKind,
  key_hash: string,
): Promise<StoredKey | null> => {
  const [row] = await db.query<StoredKey>(
    `SELECT ${COLUMNS} FROM access_keys WHERE kind = $1 AND key_hash = $2`,
    [kind, key_hash],
  );
  return row ?? null;
};

/** Newest first. */
export const listKeys = (db: Queryable): Promise<StoredKey[]> =>
  db.query<StoredKey>(`SELECT ${COLUMNS} FROM access_keys ORDER BY created_at DESC, key_id`);

/** Installed keys in force whose hash is not among these. */
export const listLeftKeys = (db: Queryable, hashes: readonly string[]): Promise<StoredKey[]> =>
  db.query<StoredKey>(
    `SELECT ${COLUMNS} FROM access_keys
     WHERE is_installed AND revoked_at IS NULL AND key_hash <> ALL ($1) ORDER BY name, key_id`,
    [hashes],
  );

/** Ends a key; false where it had ended already. */
export const markRevoked = async (
  db: Queryable,
  key_id: string,
  by: string,
  at: Instant,
): Promise<boolean> => {
  const rows = await db.query(
    `UPDATE access_keys SET revoked_by = $2, revoked_at = $3
     WHERE key_id = $1 AND revoked_at IS NULL RETURNING key_id`,
    [key_id, by, at],
  );
  return rows.length > 0;
};

/** Notes that a key was used, a minute apart at least. */
export const markUsed = async (db: Queryable, key_id: string, at: Instant): Promise<void> => {
  await db.query(
    `UPDATE access_keys SET last_used_at = $2
     WHERE key_id = $1 AND (last_used_at IS NULL OR last_used_at <= $2::timestamptz - interval '1 minute')`,
    [key_id, at],
  );
};

/** The unrevoked key of a name; there is one at most. */
export const findKeyByName = async (
  db: Queryable,
  kind: AccessKind,
  name: string,
): Promise<StoredKey | null> => {
  const [row] = await db.query<StoredKey>(
    `SELECT ${COLUMNS} FROM access_keys WHERE kind = $1 AND name = $2 AND revoked_at IS NULL`,
    [kind, name],
  );
  return row ?? null;
};

/** The latest key of each name, whether or not it is in force. */
export const listLatestKeys = (db: Queryable, kind: AccessKind): Promise<StoredKey[]> =>
  db.query<StoredKey>(
    `SELECT DISTINCT ON (name) ${COLUMNS} FROM access_keys WHERE kind = $1
     ORDER BY name, revoked_at IS NOT NULL, created_at DESC, key_id`,
    [kind],
  );
