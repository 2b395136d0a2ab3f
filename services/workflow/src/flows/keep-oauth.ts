import { randomBytes } from 'node:crypto';
import type { AccessKey, OauthModel, OauthScope } from '@catalyst/contracts';
import { later, stableId } from '@catalyst/domain';
import { AppError, sha256 } from '@catalyst/service-kit';
import { grantName } from '../domain/grant-name.ts';
import { includedScopes } from '../domain/included-scopes.ts';
import { findKey, insertKey } from '../store/access-keys.ts';
import {
  boundClients,
  consumeRecord,
  findGrantKey,
  findRecord,
  insertGrant,
  keepClient,
  removeEndedRecords,
  removeRecord,
  removeRecordsOf,
  saveRecord,
  type OauthGrant,
} from '../store/oauth.ts';
import type { FlowDeps } from './flow-deps.ts';
import { revokeAccessKey, showKey } from './manage-access-keys.ts';

type Deps = Pick<FlowDeps, 'database' | 'clock' | 'bus' | 'audit' | 'log' | 'alerts'>;

const HOUR_MS = 3_600_000;
/** A grant's client is known a while longer, so that it hears why its refresh is refused. */
const CLIENT_OUTLIVES_MS = 7 * 24 * HOUR_MS;
const MOST_UNUSED_CLIENTS = 200;
const BY = 'OAuth';

interface Saved {
  model: OauthModel;
  id_hash: string;
  sealed: string;
  grant_id: string | null;
  scopes: OauthScope[] | null;
  lifetime_s: number;
}

export const saveOauthRecord = async (
  { database, clock }: Deps,
  { lifetime_s, ...record }: Saved,
): Promise<{ saved: boolean }> => {
  const now = clock.now();
  await database.transaction(async (tx) => {
    await removeEndedRecords(tx, now);
    await saveRecord(tx, { ...record, created_at: now, expires_at: later(now, lifetime_s * 1000) });
    if (record.model === 'Client') await boundClients(tx, MOST_UNUSED_CLIENTS);
  });
  return { saved: true };
};

export const findOauthRecord = async (
  { database, clock }: Deps,
  { model, id_hash }: { model: OauthModel; id_hash: string },
) => ({ record: await findRecord(database, model, id_hash, clock.now()) });

export const consumeOauthRecord = async (
  { database, clock }: Deps,
  { model, id_hash }: { model: OauthModel; id_hash: string },
) => ({ is_first: await consumeRecord(database, model, id_hash, clock.now()) });

/** Ends a grant with all that it gave: its key is revoked, which ends what is open by it. */
export const revokeOauthGrant = async (
  deps: Deps,
  grant_id: string,
  reason: string,
): Promise<{ revoked: boolean }> => {
  const key_id = await findGrantKey(deps.database, grant_id);
  if (key_id) await revokeAccessKey(deps, key_id, { by: BY, reason });
  const had = await deps.database.transaction((tx) => removeRecordsOf(tx, grant_id));
  return { revoked: had || key_id !== null };
};

export const removeOauthRecord = async (
  deps: Deps,
  { model, id_hash }: { model: OauthModel; id_hash: string },
): Promise<{ removed: boolean }> => {
  const removed = await deps.database.transaction((tx) => removeRecord(tx, model, id_hash));
  if (model === 'Grant' && removed?.grant_id)
    await revokeOauthGrant(deps, removed.grant_id, 'the client gave it back');
  return { removed: removed !== undefined };
};

interface Approved extends Omit<OauthGrant, 'key_id'> {
  scopes: OauthScope[];
  lifetime_hours: number;
}

/** A grant is a key that nobody has: its tokens stand for it, and it is listed and revoked as one. */
export const approveOauthGrant = async (
  deps: Deps,
  { scopes: asked, lifetime_hours, ...grant }: Approved,
): Promise<AccessKey> => {
  const { database, clock, audit, alerts } = deps;
  const before = await findGrantKey(database, grant.grant_id);
  if (before) return showKey((await findKey(database, before))!, clock.now());
  const now = clock.now();
  const expires_at = later(now, lifetime_hours * HOUR_MS);
  const scopes = includedScopes(asked);
  const key_id = stableId('oauth-grant', grant.grant_id);
  const name = grantName(grant.client_name, sha256(grant.grant_id));
  await database.transaction(async (tx) => {
    const isNew = await insertKey(tx, {
      key_id,
      kind: 'claude',
      name,
      scopes,
      key_hash: sha256(randomBytes(32).toString('base64url')),
      is_installed: false,
      created_by: 'operator',
      created_at: now,
      expires_at,
      revoked_by: null,
      revoked_at: null,
      last_used_at: null,
    });
    if (!isNew)
      throw new AppError(
        'KEY_NAME_TAKEN',
        `there is a key named ${name} already: revoke it first`,
        {
          name,
        },
      );
    await insertGrant(tx, { ...grant, key_id });
    await keepClient(tx, grant.client_id_hash, later(expires_at, CLIENT_OUTLIVES_MS));
    audit(tx, {
      actor: 'operator',
      action: 'oauth_granted',
      subject: `claude ${name}`,
      details: {
        key_id,
        scopes,
        expires_at,
        client_name: grant.client_name,
        redirect_host: grant.redirect_host,
        resource: grant.resource,
      },
    });
    // whoever took the operator's place by both factors is seen by the operator at least
    alerts.stage(tx, {
      severity: 'warning',
      code: 'OAUTH_GRANTED',
      subject: name,
      message: `${name} was let in by OAuth with ${scopes.join(', ')} until ${expires_at} (answers go to ${grant.redirect_host}); if that was not you: scripts/catalyst key revoke ${name}`,
    });
  });
  return showKey((await findKey(database, key_id))!, now);
};

export const denyOauthGrant = async (
  { database, audit }: Deps,
  details: { client_name: string; redirect_host: string },
): Promise<{ noted: boolean }> => {
  await database.transaction(async (tx) => {
    audit(tx, {
      actor: 'operator',
      action: 'oauth_denied',
      subject: details.client_name,
      details,
    });
  });
  return { noted: true };
};
