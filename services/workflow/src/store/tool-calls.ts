import type { Instant } from '@catalyst/domain';
import type { Queryable } from '@catalyst/service-kit';

export interface ToolCall {
  call_id: string;
  at: Instant;
  caller: string;
  tool: string;
  arguments: Record<string, unknown>;
  outcome: string;
}

/** Keeps tool calls in one statement; those that are kept already stay as they are. */
export const insertToolCalls = async (db: Queryable, calls: readonly ToolCall[]): Promise<void> => {
  await db.query(
    `INSERT INTO mcp_calls (call_id, at, caller, tool, arguments, outcome)
     SELECT c.call_id, c.at, c.caller, c.tool, c.arguments, c.outcome
     FROM jsonb_to_recordset($1::jsonb) AS c(call_id uuid, at timestamptz, caller text, tool text,
       arguments jsonb, outcome text) ON CONFLICT DO NOTHING`,
    [JSON.stringify(calls)],
  );
};
