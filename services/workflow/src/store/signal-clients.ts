import {
  clientLimits,
  clientSettings,
  type ClientLimits,
  type ClientSettings,
  type FlagState,
  type SessionFact,
} from '@catalyst/contracts';
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

export interface Saved {
  version: number;
  settings: ClientSettings;
  limits: ClientLimits;
}

/** The latest settings and limits of a client. */
export const readSaved = async (db: Queryable, client_id: string): Promise<Saved> => {
  const rows = await db.query<{ kind: 'settings' | 'limits'; version: number; value: unknown }>(
    `SELECT DISTINCT ON (kind) kind, version, value FROM signal_settings WHERE client_id = $1
     ORDER BY kind, version DESC`,
    [client_id],
  );
  const latest = new Map(rows.map((row) => [row.kind, row.value]));
  return {
    version: Math.max(0, ...rows.map(({ version }) => version)),
    settings: clientSettings.parse(latest.get('settings') ?? {}),
    limits: clientLimits.parse(latest.get('limits') ?? {}),
  };
};

export const saveVersion = async (
  tx: Transaction,
  client_id: string,
  kind: 'settings' | 'limits',
  value: object,
  saved_by: string,
  at: Instant,
): Promise<void> => {
  // the client's row is locked, so that two who save get two versions
  await tx.query('SELECT 1 FROM signal_clients WHERE client_id = $1 FOR UPDATE', [client_id]);
  await tx.query(
    `INSERT INTO signal_settings (client_id, version, kind, value, saved_by, saved_at)
     SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5 FROM signal_settings
     WHERE client_id = $1`,
    [client_id, kind, JSON.stringify(value), saved_by, at],
  );
};

export const listFlags = (db: Queryable): Promise<FlagState[]> =>
  db.query<FlagState>(
    'SELECT flag, is_enabled, percentage, allow_list FROM feature_flags ORDER BY flag',
  );

export const saveFlag = async (
  tx: Transaction,
  { flag, is_enabled, percentage, allow_list }: FlagState,
  by: string,
  at: Instant,
): Promise<void> => {
  await tx.query(
    `INSERT INTO feature_flags (flag, is_enabled, percentage, allow_list, updated_at, updated_by)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (flag) DO UPDATE
       SET is_enabled = excluded.is_enabled, percentage = excluded.percentage,
         allow_list = excluded.allow_list, updated_at = excluded.updated_at,
         updated_by = excluded.updated_by`,
    [flag, is_enabled, percentage, allow_list, at, by],
  );
};

/** Deliveries, each once for its session. */
export const insertDeliveries = async (
  db: Queryable,
  rows: readonly { client_id: string; session_id: string; seqs: readonly number[]; at: Instant }[],
): Promise<void> => {
  await db.query(
    `INSERT INTO signal_deliveries (client_id, session_id, seq, delivered_at)
     SELECT r.client_id, r.session_id, s.seq::bigint, r.at
     FROM jsonb_to_recordset($1::jsonb) AS r(client_id uuid, session_id uuid, seqs jsonb, at timestamptz),
       jsonb_array_elements_text(r.seqs) AS s(seq)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows)],
  );
};

export const insertFacts = async (
  tx: Transaction,
  facts: readonly SessionFact[],
): Promise<void> => {
  const [head] = await tx.query<{ last: number }>('SELECT next_seq($1, $2) AS last', [
    'signal_events',
    facts.length,
  ]);
  await tx.query(
    `INSERT INTO signal_events (seq, client_id, kind, details, at)
     SELECT $2 + r.n, r.client_id, r.kind, r.details, r.at
     FROM jsonb_to_recordset($1::jsonb) AS r(n int, client_id uuid, kind text, details jsonb, at timestamptz)`,
    [JSON.stringify(facts.map((fact, n) => ({ ...fact, n: n + 1 }))), head!.last - facts.length],
  );
};

export const markSeen = async (
  db: Queryable,
  seen: readonly { client_id: string; at: Instant }[],
): Promise<void> => {
  await db.query(
    `UPDATE signal_clients c SET last_seen_at = r.at
     FROM jsonb_to_recordset($1::jsonb) AS r(client_id uuid, at timestamptz)
     WHERE c.client_id = r.client_id AND (c.last_seen_at IS NULL OR c.last_seen_at < r.at)`,
    [JSON.stringify(seen)],
  );
};

/** Stores feedback; false where it is there already. */
export const insertFeedback = async (
  db: Queryable,
  row: {
    feedback_id: string;
    client_id: string;
    seq: number;
    outcome: string;
    details: object;
    received_at: Instant;
  },
): Promise<boolean> => {
  const rows = await db.query(
    `INSERT INTO signal_feedback (feedback_id, client_id, seq, outcome, details, received_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING feedback_id`,
    [
      row.feedback_id,
      row.client_id,
      row.seq,
      row.outcome,
      JSON.stringify(row.details),
      row.received_at,
    ],
  );
  return rows.length > 0;
};

export interface ClientCounts {
  client_id: string;
  last_delivered_seq: number;
  last_acked_seq: number;
  deliveries: number;
  feedback: Record<string, number>;
  told_entries: number;
  slippage_bps: number | null;
  delay_ms: number | null;
  agreement_ratio: number | null;
}

/**
 * What the facts come to, by client. Slippage is what a client paid more than the desk, per the
 * desk's price, signed by side; a result agrees where its sign is that of the desk's own.
 */
export const countFacts = (db: Queryable, client_ids: readonly string[]): Promise<ClientCounts[]> =>
  db.query<ClientCounts>(
    `WITH told AS (
       SELECT f.client_id, f.outcome, f.details, t.side,
         (SELECT (e.payload -> 'entered' ->> 'price')::numeric FROM trading_signals e
          WHERE e.about_seq = f.seq AND e.kind = 'entered') AS desk_price,
         (SELECT (c.payload -> 'closed' ->> 'r_multiple')::numeric FROM trading_signals c
          WHERE c.about_seq = f.seq AND c.kind = 'closed') AS desk_r
       FROM signal_feedback f JOIN trading_signals t USING (seq) WHERE f.client_id = ANY ($1))
     SELECT c.client_id,
       coalesce((SELECT max(d.seq) FROM signal_deliveries d WHERE d.client_id = c.client_id), 0) AS last_delivered_seq,
       coalesce((SELECT max((e.details ->> 'seq')::bigint) FROM signal_events e
         WHERE e.client_id = c.client_id AND e.kind = 'acked'), 0) AS last_acked_seq,
       (SELECT count(DISTINCT d.seq)::int4 FROM signal_deliveries d WHERE d.client_id = c.client_id) AS deliveries,
       coalesce((SELECT jsonb_object_agg(o.outcome, o.n) FROM
         (SELECT outcome, count(*) AS n FROM told WHERE client_id = c.client_id GROUP BY outcome) o), '{}') AS feedback,
       (SELECT count(*)::int4 FROM told WHERE client_id = c.client_id AND details ? 'entry_price') AS told_entries,
       (SELECT avg(((details ->> 'entry_price')::numeric - desk_price) / desk_price * 10000
          * CASE side WHEN 'buy' THEN 1 ELSE -1 END)::float8
        FROM told WHERE client_id = c.client_id AND details ? 'entry_price') AS slippage_bps,
       (SELECT avg((details ->> 'delay_ms')::numeric)::float8 FROM told WHERE client_id = c.client_id) AS delay_ms,
       (SELECT avg((sign((details ->> 'r_multiple')::numeric) = sign(desk_r))::int)::float8
        FROM told WHERE client_id = c.client_id AND details ? 'r_multiple' AND desk_r IS NOT NULL) AS agreement_ratio
     FROM signal_clients c WHERE c.client_id = ANY ($1)`,
    [client_ids],
  );
