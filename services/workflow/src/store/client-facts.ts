import type { SessionFact } from '@catalyst/contracts';
import type { Instant } from '@catalyst/domain';
import type { Queryable, Transaction } from '@catalyst/service-kit';

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

export const insertFanOuts = async (
  db: Queryable,
  rows: readonly {
    seq: number;
    at: Instant;
    sessions: readonly { client_id: string; session_id: string }[];
  }[],
): Promise<void> => {
  await db.query(
    `INSERT INTO signal_deliveries (client_id, session_id, seq, delivered_at)
     SELECT s.client_id, s.session_id, r.seq, r.at
     FROM jsonb_to_recordset($1::jsonb) AS r(seq bigint, at timestamptz, sessions jsonb),
       jsonb_to_recordset(r.sessions) AS s(client_id uuid, session_id uuid)
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
  /** It was revoked since it was last invited. */
  is_taken_back: boolean;
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
        FROM told WHERE client_id = c.client_id AND details ? 'r_multiple' AND desk_r IS NOT NULL) AS agreement_ratio,
       coalesce((SELECT e.kind = 'revoked' FROM signal_events e
         WHERE e.client_id = c.client_id AND e.kind IN ('invited', 'revoked') ORDER BY e.seq DESC LIMIT 1), false) AS is_taken_back
     FROM signal_clients c WHERE c.client_id = ANY ($1)`,
    [client_ids],
  );
