import type {
  ClientConfiguration,
  ClientLimits,
  ClientSettings,
  ClientStanding,
  FlagState,
  SessionFact,
  SignalFeedback,
} from '@catalyst/contracts';
import { featureFlags } from '@catalyst/contracts';
import { stableId, type Instant } from '@catalyst/domain';
import { AppError } from '@catalyst/service-kit';
import { DEFAULT_FLAGS } from '../adapters/feature-flags.ts';
import { clientHealth } from '../domain/client-health.ts';
import { findKeyByName, listLatestKeys, type StoredKey } from '../store/access-keys.ts';
import {
  countFacts,
  insertDeliveries,
  insertFanOuts,
  insertFacts,
  insertFeedback,
  markSeen,
  type ClientCounts,
} from '../store/client-facts.ts';
import { listFlags, saveFlag, saveVersion } from '../store/client-settings.ts';
import {
  addEvent,
  forgetInvitations,
  listClients,
  type ClientRow,
} from '../store/signal-clients.ts';
import { findHead, findSignal } from '../store/signals.ts';
import { needClient, readConfiguration } from './admit-clients.ts';
import type { FlowDeps } from './flow-deps.ts';
import { revokeAccessKey } from './manage-access-keys.ts';

interface Said {
  by: string;
  reason: string;
}

const scopeOf = (key: StoredKey | null): 'read' | 'trade' =>
  key?.scopes.includes('trade') ? 'trade' : 'read';

/** A client's own settings, as a new version; its open sessions are told. */
export const saveSettings = async (
  deps: FlowDeps,
  client_id: string,
  settings: ClientSettings,
): Promise<ClientConfiguration> => {
  const { database, audit, clock } = deps;
  const client = await needClient(deps, { client_id });
  await database.transaction(async (tx) => {
    const now = clock.now();
    await saveVersion(tx, client_id, 'settings', settings, `client ${client.name}`, now);
    addEvent(tx, client_id, 'settings', {}, now);
    audit(tx, {
      on_behalf_of: `client ${client.name}`,
      action: 'signal_settings_saved',
      subject: `client ${client.name}`,
      details: { settings },
    });
  });
  return readConfiguration(
    deps,
    client,
    scopeOf(await findKeyByName(database, 'client', client.name)),
  );
};

/** What the desk lets a client do at most; its open sessions are told. */
export const limitClient = async (
  deps: FlowDeps,
  client_id: string,
  { limits, by, reason }: Said & { limits: ClientLimits },
): Promise<ClientConfiguration> => {
  const { database, audit, clock } = deps;
  const client = await needClient(deps, { client_id });
  await database.transaction(async (tx) => {
    const now = clock.now();
    await saveVersion(tx, client_id, 'limits', limits, by, now);
    addEvent(tx, client_id, 'limits', { by, reason }, now);
    audit(tx, {
      on_behalf_of: by,
      action: 'signal_client_limited',
      subject: `client ${client.name}`,
      details: { limits, reason },
    });
  });
  return readConfiguration(
    deps,
    client,
    scopeOf(await findKeyByName(database, 'client', client.name)),
  );
};

export const showFlags = async ({ database }: FlowDeps): Promise<FlagState[]> => {
  const stored = new Map((await listFlags(database)).map((row) => [row.flag, row]));
  return featureFlags.map(
    (flag) =>
      stored.get(flag) ?? {
        flag,
        is_enabled: DEFAULT_FLAGS[flag],
        percentage: 100,
        allow_list: [],
      },
  );
};

export const setFlag = async (
  { database, audit, clock }: FlowDeps,
  { by, reason, ...flag }: FlagState & Said,
): Promise<FlagState> => {
  await database.transaction(async (tx) => {
    const now = clock.now();
    await saveFlag(tx, flag, by, now);
    addEvent(tx, null, 'flag', { ...flag, by, reason }, now);
    audit(tx, {
      on_behalf_of: by,
      action: 'feature_flag_set',
      subject: flag.flag,
      details: { ...flag, reason },
    });
  });
  return flag;
};

/** What was delivered and what happened to sessions, as orchestration tells it in batches. */
export const recordSessions = async (
  { database }: FlowDeps,
  {
    deliveries,
    fanned_out,
    facts,
    seen,
  }: {
    deliveries: { client_id: string; session_id: string; seqs: number[]; at: Instant }[];
    fanned_out: Parameters<typeof insertFanOuts>[1];
    facts: SessionFact[];
    seen: { client_id: string; at: Instant }[];
  },
): Promise<number> => {
  await database.transaction(async (tx) => {
    if (deliveries.length > 0) await insertDeliveries(tx, deliveries);
    if (fanned_out.length > 0) await insertFanOuts(tx, fanned_out);
    if (seen.length > 0) await markSeen(tx, seen);
    if (facts.length > 0) await insertFacts(tx, facts);
  });
  return deliveries.length + fanned_out.length + facts.length;
};

/** How a signal went at a client. What it tells weighs nothing: it is shown beside its name. */
export const takeFeedback = async (
  deps: FlowDeps,
  client_id: string,
  { signal_id, outcome, feedback_id, ...details }: SignalFeedback,
) => {
  const { database, clock } = deps;
  const found = await findSignal(database, signal_id);
  if (found?.signal.kind !== 'signal')
    throw new AppError('NOT_FOUND', `there is no signal ${signal_id} to tell something about`, {
      signal_id,
    });
  const is_new = await insertFeedback(database, {
    // another client's id for its own feedback is no word about this one's
    feedback_id: stableId('feedback', client_id, feedback_id ?? `${signal_id}:${outcome}`),
    client_id,
    seq: found.signal.seq,
    outcome,
    details,
    received_at: clock.now(),
  });
  return { signal_id, outcome, is_new };
};

const standingOf = (
  { client_id, name, created_at, last_seen_at }: ClientRow,
  key: StoredKey | undefined,
  { is_taken_back, ...counts }: ClientCounts,
  head: number,
  now: Instant,
): ClientStanding => ({
  ...counts,
  client_id,
  name,
  created_at,
  last_seen_at,
  state: !key
    ? is_taken_back
      ? 'revoked'
      : 'invited'
    : key.revoked_at !== null
      ? 'revoked'
      : key.expires_at !== null && key.expires_at <= now
        ? 'expired'
        : 'active',
  scope: key ? scopeOf(key) : null,
  expires_at: key?.expires_at ?? null,
  health: clientHealth(last_seen_at, now),
  lag: head - Math.min(head, counts.last_acked_seq),
});

const standings = async (
  { database, clock }: FlowDeps,
  rows: readonly ClientRow[],
): Promise<{ clients: ClientStanding[]; seq: number }> => {
  const [keys, counts, seq] = await Promise.all([
    listLatestKeys(database, 'client'),
    countFacts(
      database,
      rows.map(({ client_id }) => client_id),
    ),
    findHead(database),
  ]);
  const keyOf = new Map(keys.map((key) => [key.name, key]));
  const countsOf = new Map(counts.map((row) => [row.client_id, row]));
  const now = clock.now();
  return {
    seq,
    clients: rows.map((row) =>
      standingOf(row, keyOf.get(row.name), countsOf.get(row.client_id)!, seq, now),
    ),
  };
};

export const showClients = async (deps: FlowDeps) =>
  standings(deps, await listClients(deps.database));

export const showClient = async (deps: FlowDeps, client_id: string) => {
  const client = await needClient(deps, { client_id });
  const { clients, seq } = await standings(deps, [client]);
  const standing = clients[0]!;
  return {
    standing,
    configuration: await readConfiguration(deps, client, standing.scope ?? 'read'),
    seq,
  };
};

/** Ends a client's key and the invitations that it has open; its sessions end within a second. */
export const revokeClient = async (
  deps: FlowDeps,
  client_id: string,
  { by, reason }: Said,
): Promise<ClientStanding> => {
  const { database, audit, clock } = deps;
  const client = await needClient(deps, { client_id });
  await database.transaction(async (tx) => {
    const invitations = await forgetInvitations(tx, client_id);
    audit(tx, {
      on_behalf_of: by,
      action: 'signal_client_revoked',
      subject: `client ${client.name}`,
      details: { client_id, reason, invitations },
    });
  });
  const key = await findKeyByName(database, 'client', client.name);
  if (key) await revokeAccessKey(deps, key.key_id, { by, reason });
  // last: who follows its number looks the key up
  await database.transaction(async (tx) =>
    addEvent(tx, client_id, 'revoked', { by, reason }, clock.now()),
  );
  return (await standings(deps, [client])).clients[0]!;
};
