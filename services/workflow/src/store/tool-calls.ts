import type { ActChain, AuditChain, ToolCall } from '@catalyst/contracts';
import type { Queryable, Transaction } from '@catalyst/service-kit';
import { CHAIN_START, chainCalls, type ChainedCall } from '../domain/call-chain.ts';

const STREAM = 'mcp_calls';
const COLUMNS = `call_id, at, caller, tool, arguments, outcome, act_id, scope, touched, duration_ms,
  answer_sha256, seq, row_sha256`;

/** Keeps tool calls at the end of the chain, in one statement; those that are kept stay as they are. */
export const insertToolCalls = async (
  tx: Transaction,
  calls: readonly ToolCall[],
): Promise<void> => {
  // the stream's row is locked from here on: nobody else looks for what is kept, or for the end
  await tx.query('SELECT next_seq($1, 0)', [STREAM]);
  const kept = await tx.query<{ call_id: string }>(
    'SELECT call_id FROM mcp_calls WHERE call_id = ANY ($1)',
    [calls.map(({ call_id }) => call_id)],
  );
  const known = new Set(kept.map(({ call_id }) => call_id));
  const fresh = calls.filter(({ call_id }) => !known.has(call_id) && known.add(call_id));
  if (fresh.length === 0) return;
  const [head] = await tx.query<{ last: number }>('SELECT next_seq($1, $2) AS last', [
    STREAM,
    fresh.length,
  ]);
  const first = head!.last - fresh.length + 1;
  const [before] = await tx.query<{ row_sha256: string }>(
    'SELECT row_sha256 FROM mcp_calls WHERE seq = $1',
    [first - 1],
  );
  await tx.query(
    `INSERT INTO mcp_calls (${COLUMNS})
     SELECT c.call_id, c.at, c.caller, c.tool, c.arguments, c.outcome, c.act_id, c.scope,
       ARRAY(SELECT jsonb_array_elements_text(c.touched)), c.duration_ms, c.answer_sha256, c.seq,
       c.row_sha256
     FROM jsonb_to_recordset($1::jsonb) AS c(call_id uuid, at timestamptz, caller text, tool text,
       arguments jsonb, outcome text, act_id uuid, scope text, touched jsonb, duration_ms integer,
       answer_sha256 text, seq bigint, row_sha256 text)`,
    [JSON.stringify(chainCalls(fresh, first, before?.row_sha256 ?? CHAIN_START))],
  );
};

/** Rows of the chain after a number, in order. */
export const listChain = (db: Queryable, after: number, limit: number): Promise<ChainedCall[]> =>
  db.query<ChainedCall>(`SELECT ${COLUMNS} FROM mcp_calls WHERE seq > $1 ORDER BY seq LIMIT $2`, [
    after,
    limit,
  ]);

/** The chains of what services did, computed anew by the database. */
export const listActChains = (db: Queryable): Promise<ActChain[]> =>
  db.query<ActChain>(
    `SELECT service, rows, head_sha256, broken_seq, outside_rows, began_at
     FROM v_audit_chains ORDER BY service`,
  );

/** What stands outside of the chain of the calls, and of when its first row is. */
export const readChainEdge = async (
  db: Queryable,
): Promise<Pick<AuditChain, 'outside_rows' | 'began_at'>> => {
  const [row] = await db.query<Pick<AuditChain, 'outside_rows' | 'began_at'>>(
    `SELECT count(*) FILTER (WHERE seq IS NULL)::integer AS outside_rows,
       min(at) FILTER (WHERE seq = 1) AS began_at FROM mcp_calls`,
  );
  return row!;
};

/** How far the chain was numbered, whether or not its last rows are there. */
export const findChainEnd = async (db: Queryable): Promise<number> => {
  const [row] = await db.query<{ last_seq: number }>('SELECT next_seq($1, 0) AS last_seq', [
    STREAM,
  ]);
  return row!.last_seq;
};
