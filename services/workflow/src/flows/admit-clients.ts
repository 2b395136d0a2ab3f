import { createHmac } from 'node:crypto';
import type { ClientConfiguration, ClientLimits, SignalClient } from '@catalyst/contracts';
import { later, stableId } from '@catalyst/domain';
import { AppError, sha256 } from '@catalyst/service-kit';
import { configurationOf } from '../domain/client-configuration.ts';
import { findKeyByHash, findKeyByName } from '../store/access-keys.ts';
import { listFlags, readSaved, saveVersion } from '../store/client-settings.ts';
import {
  addEvent,
  findClient,
  insertClient,
  insertInvitation,
  isForgotten,
  markJoined,
  takeInvitation,
  type ClientRow,
} from '../store/signal-clients.ts';
import type { FlowDeps } from './flow-deps.ts';
import { createAccessKey, findAccessKey, revokeAccessKey } from './manage-access-keys.ts';

const HOUR_MS = 3_600_000;
/** So long a lost answer to a join can be asked for again. */
const JOIN_AGAIN_MS = 600_000;

type Scope = 'read' | 'trade';
const scopeOf = (scopes: readonly string[]): Scope => (scopes.includes('trade') ? 'trade' : 'read');

/** What holds for a client now. */
export const readConfiguration = async (
  { database, flags }: FlowDeps,
  { client_id, name }: Pick<ClientRow, 'client_id' | 'name'>,
  scope: Scope,
): Promise<ClientConfiguration> => {
  const { version, settings, limits } = await readSaved(database, client_id);
  const held = await flags.evaluate(await listFlags(database), { client_id, name });
  return configurationOf(version, settings, limits, scope, held);
};

export const needClient = async (
  { database }: FlowDeps,
  of: { client_id: string },
): Promise<ClientRow> => {
  const client = await findClient(database, of);
  if (!client) throw new AppError('NOT_FOUND', `there is no client ${of.client_id}`, of);
  return client;
};

/** Keeps a code's hash, with what it may become; a client that is there already gets another key by it. */
export const inviteClient = async (
  { database, audit, clock }: FlowDeps,
  asked: {
    name: string;
    scope: Scope;
    code_sha256: string;
    lifetime_hours: number;
    key_hours: number | null;
    limits?: ClientLimits | undefined;
    by: string;
  },
) => {
  const now = clock.now();
  const { name, scope, code_sha256, by, limits } = asked;
  const client_id = stableId('signal-client', name);
  const expires_at = later(now, asked.lifetime_hours * HOUR_MS);
  await database.transaction(async (tx) => {
    await insertClient(tx, { client_id, name, created_by: by, created_at: now });
    await insertInvitation(tx, {
      code_sha256,
      client_id,
      scope,
      key_hours: asked.key_hours,
      created_by: by,
      created_at: now,
      expires_at,
    });
    if (limits) await saveVersion(tx, client_id, 'limits', limits, by, now);
    addEvent(tx, client_id, 'invited', { scope, expires_at, by }, now);
    audit(tx, {
      on_behalf_of: by,
      action: 'signal_client_invited',
      subject: `client ${name}`,
      details: { client_id, scope, expires_at, limits: limits ?? null },
    });
  });
  return { client_id, name, expires_at };
};

const ENDED =
  'the invitation has ended: ask the operator for another one (scripts/catalyst invite NAME)';

/**
 * Makes a key of a code. It follows from code, nonce and the desk's secret, so that the same nonce
 * gets the same key for ten minutes, and it is stored as a hash alone.
 * @throws INVITATION_ENDED where the code is unknown, too old, or was another's
 */
export const joinClient = async (
  deps: FlowDeps,
  { code, nonce }: { code: string; nonce: string },
) => {
  const { database, clock, joinSecret } = deps;
  const now = clock.now();
  const code_sha256 = sha256(code);
  const key = createHmac('sha256', joinSecret).update(`${code}:${nonce}`).digest('base64url');
  const joined = await database.transaction(async (tx) => {
    const invitation = await takeInvitation(tx, code_sha256);
    if (!invitation) throw new AppError('INVITATION_ENDED', ENDED);
    if (invitation.joined_at === null) {
      if (invitation.expires_at <= now) throw new AppError('INVITATION_ENDED', ENDED);
      await markJoined(tx, code_sha256, sha256(nonce), now);
      addEvent(tx, invitation.client_id, 'joined', { scope: invitation.scope }, now);
      return invitation;
    }
    const isAgain =
      invitation.nonce_sha256 === sha256(nonce) && later(invitation.joined_at, JOIN_AGAIN_MS) > now;
    if (!isAgain) throw new AppError('INVITATION_ENDED', ENDED);
    return invitation;
  });
  const { name } = (await findClient(database, joined))!;
  const key_hash = sha256(key);
  if (!(await findKeyByHash(database, 'client', key_hash))) {
    // one key to a name: the newer invitation ends the older key
    const older = await findKeyByName(database, 'client', name);
    const by = joined.created_by;
    if (older) await revokeAccessKey(deps, older.key_id, { by, reason: 'joined anew' });
    await createAccessKey(deps, {
      kind: 'client',
      name,
      scopes: [joined.scope],
      key_hash,
      lifetime_hours: joined.key_hours,
      by,
    });
    // revoked since the code was taken: whoever did it may have found no key to revoke yet
    if (await isForgotten(database, code_sha256)) {
      const made = (await findKeyByHash(database, 'client', key_hash))!;
      await revokeAccessKey(deps, made.key_id, { by, reason: 'the client was revoked meanwhile' });
    }
  }
  const stored = (await findKeyByHash(database, 'client', key_hash))!;
  if (stored.revoked_at !== null) throw new AppError('INVITATION_ENDED', ENDED);
  const { client_id, scope } = joined;
  return { client_id, key, name, scope, expires_at: stored.expires_at };
};

/** The client of a key, or of an id whose key is in force; or why it is not let in. */
export const admitClient = async (
  deps: FlowDeps,
  of: { key_hash: string } | { client_id: string },
): Promise<{
  client: SignalClient | null;
  refused: 'WRONG_KEY' | 'KEY_EXPIRED' | 'REVOKED' | null;
}> => {
  const { database } = deps;
  const byId = 'client_id' in of ? await findClient(database, of) : null;
  const key =
    'key_hash' in of
      ? await findAccessKey(deps, { kind: 'client', key_hash: of.key_hash })
      : byId && (await findAccessKeyOf(deps, byId.name));
  if (!key) return { client: null, refused: byId ? 'REVOKED' : 'WRONG_KEY' };
  if (key.state !== 'active')
    return { client: null, refused: key.state === 'expired' ? 'KEY_EXPIRED' : 'REVOKED' };
  const client = byId ?? (await findClient(database, { name: key.name }));
  // a key that somebody made by hand for a name that was never invited
  if (!client) return { client: null, refused: 'WRONG_KEY' };
  const scope = scopeOf(key.scopes);
  const { client_id, name } = client;
  const configuration = await readConfiguration(deps, client, scope);
  return {
    client: { client_id, name, scope, expires_at: key.expires_at, configuration },
    refused: null,
  };
};

const findAccessKeyOf = async (deps: FlowDeps, name: string) => {
  const stored = await findKeyByName(deps.database, 'client', name);
  if (!stored) return null;
  const isOver = stored.expires_at !== null && stored.expires_at <= deps.clock.now();
  return { ...stored, state: isOver ? ('expired' as const) : ('active' as const) };
};
