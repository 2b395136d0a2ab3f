import type { AccessKey, AccessKind, AccessScope } from '@catalyst/contracts';
import { later, stableId, type Instant } from '@catalyst/domain';
import { AppError, type Transaction } from '@catalyst/service-kit';
import { includedScopes } from '../domain/included-scopes.ts';
import {
  findKey,
  findKeyByHash,
  insertKey,
  listKeys,
  listLeftKeys,
  markRevoked,
  markUsed,
  type StoredKey,
} from '../store/access-keys.ts';
import { findGrantOfKey, findKeyOfToken, removeRecordsOf } from '../store/oauth.ts';
import type { FlowDeps } from './flow-deps.ts';

type Deps = Pick<FlowDeps, 'database' | 'clock' | 'bus' | 'audit' | 'log'>;

const HOUR_MS = 3_600_000;

/** A key as it is told; whether it is in force follows from the time. */
export const showKey = (key: StoredKey, now: Instant): AccessKey => ({
  ...key,
  state:
    key.revoked_at !== null
      ? 'revoked'
      : key.expires_at !== null && key.expires_at <= now
        ? 'expired'
        : 'active',
});

interface AskedKey {
  kind: AccessKind;
  name: string;
  scopes: readonly AccessScope[];
  key_hash: string;
  lifetime_hours: number | null;
  by: string;
}

/** A key is let in with its audit's row, or not at all; true where it was not there yet. */
const letIn = async (
  { audit, clock }: Pick<Deps, 'audit' | 'clock'>,
  tx: Transaction,
  asked: AskedKey,
  is_installed: boolean,
): Promise<boolean> => {
  const now = clock.now();
  const { kind, name, key_hash, lifetime_hours, by } = asked;
  const scopes = includedScopes(asked.scopes);
  const key_id = stableId('access-key', key_hash);
  const expires_at = lifetime_hours === null ? null : later(now, lifetime_hours * HOUR_MS);
  const isNew = await insertKey(tx, {
    key_id,
    kind,
    name,
    scopes,
    key_hash,
    is_installed,
    created_by: by,
    created_at: now,
    expires_at,
    revoked_by: null,
    revoked_at: null,
    last_used_at: null,
  });
  if (isNew)
    audit(tx, {
      on_behalf_of: by,
      action: 'access_key_created',
      subject: `${kind} ${name}`,
      details: { key_id, scopes, expires_at },
    });
  return isNew;
};

/** @throws KEY_NAME_TAKEN where another unrevoked key has the name */
export const createAccessKey = async (deps: Deps, asked: AskedKey): Promise<AccessKey> => {
  const { database, clock } = deps;
  await database.transaction(async (tx) => {
    const isNew = await letIn(deps, tx, asked, false);
    if (!isNew && !(await findKeyByHash(tx, asked.kind, asked.key_hash)))
      throw new AppError(
        'KEY_NAME_TAKEN',
        `there is a key named ${asked.name} already: revoke it first, or choose another name`,
        { name: asked.name },
      );
  });
  return showKey((await findKeyByHash(database, asked.kind, asked.key_hash))!, clock.now());
};

export const listAccessKeys = async ({ database, clock }: Deps): Promise<AccessKey[]> =>
  (await listKeys(database)).map((key) => showKey(key, clock.now()));

/** The key that an access token stands for, with no more than the token may. */
const findByToken = async (
  { database, clock }: Deps,
  token_hash: string,
  resource: string,
): Promise<StoredKey | null> => {
  const found = await findKeyOfToken(database, token_hash, resource, clock.now());
  if (!found) return null;
  const { token_scopes, ...key } = found;
  const may = new Set<string>(includedScopes(token_scopes));
  return { ...key, scopes: key.scopes.filter((scope) => may.has(scope)) };
};

/**
 * The key with this hash, or that the access token with this hash stands for, whether or not it is
 * in force; null for a hash that nobody let in.
 */
export const findAccessKey = async (
  deps: Deps,
  { kind, key_hash, resource }: { kind: AccessKind; key_hash: string; resource?: string },
): Promise<AccessKey | null> => {
  const { database, clock } = deps;
  const stored =
    (await findKeyByHash(database, kind, key_hash)) ??
    (kind === 'claude' && resource !== undefined
      ? await findByToken(deps, key_hash, resource)
      : null);
  if (!stored) return null;
  const key = showKey(stored, clock.now());
  if (key.state === 'active') await markUsed(database, key.key_id, clock.now());
  return key;
};

const revoke = async (
  { audit, bus, clock }: Pick<Deps, 'audit' | 'bus' | 'clock'>,
  tx: Transaction,
  { key_id, kind, name }: StoredKey,
  by: string,
  reason: string,
): Promise<void> => {
  if (!(await markRevoked(tx, key_id, by, clock.now()))) return;
  const grant_id = await findGrantOfKey(tx, key_id);
  if (grant_id) await removeRecordsOf(tx, grant_id);
  audit(tx, {
    on_behalf_of: by,
    action: 'access_key_revoked',
    subject: `${kind} ${name}`,
    details: { key_id, reason },
  });
  bus.stage(tx, 'catalyst:access_key_revoked', { key_id, kind, name });
};

export const revokeAccessKey = async (
  deps: Deps,
  key_id: string,
  { by, reason }: { by: string; reason: string },
): Promise<AccessKey> => {
  const { database, clock } = deps;
  await database.transaction(async (tx) => {
    const key = await findKey(tx, key_id);
    if (!key) throw new AppError('NOT_FOUND', `there is no key ${key_id}`, { key_id });
    await revoke(deps, tx, key, by, reason);
  });
  return showKey((await findKey(database, key_id))!, clock.now());
};

/**
 * Lets in the keys that the installation lists, and ends those that it listed before. One that a
 * person revoked stays revoked, and a name that a person gave to a key of his own stays with that.
 */
export const installKeys = async (
  deps: Deps,
  hashes: Readonly<Record<string, string>>,
  scope: AccessScope,
): Promise<void> => {
  const by = 'the installation';
  await deps.database.transaction(async (tx) => {
    for (const key of await listLeftKeys(tx, Object.values(hashes)))
      await revoke(deps, tx, key, by, 'no longer among the keys of the installation');
    for (const [name, key_hash] of Object.entries(hashes)) {
      const asked = { kind: 'claude', name, scopes: [scope], key_hash, lifetime_hours: null, by };
      const isNew = await letIn(deps, tx, asked as AskedKey, true);
      if (!isNew && !(await findKeyByHash(tx, 'claude', key_hash)))
        deps.log.warn('installed_key_left_out', { name, fix: 'another key has this name' });
    }
  });
};
