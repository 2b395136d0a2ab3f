import { instant } from '@catalyst/domain';
import { z } from 'zod';
import { accessScope } from './access-keys.ts';
import { route } from './route.ts';

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits');

/** What is kept of a tool call; an act has a row before it is done and one after, under one act_id. */
export const toolCall = z.object({
  call_id: z.uuid(),
  at: instant,
  caller: z.string(),
  tool: z.string(),
  /** Without secrets, and cut where they are long. */
  arguments: z.record(z.string(), z.unknown()),
  /** "intended", the answer's status, "ok", or the code of a refusal. */
  outcome: z.string(),
  act_id: z.uuid().nullable().default(null),
  /** What the tool asks of a key; null where there is no such tool. */
  scope: accessScope.nullable().default(null),
  /** Ids in the arguments and in the answer, each once. */
  touched: z.array(z.uuid()).max(50).default([]),
  /** By the wall. */
  duration_ms: z.int().min(0).nullable().default(null),
  /** Of the answer as it was sent. */
  answer_sha256: sha256Hex.nullable().default(null),
});
export type ToolCall = z.infer<typeof toolCall>;

/** Whether the chain of the audit is whole. */
export const auditChain = z.object({
  rows: z.int(),
  /** The hash of the last row; noted elsewhere, it shows later that nothing before it was changed. */
  head_sha256: sha256Hex.nullable(),
  /** The first row at which the chain does not hold; null where it does. */
  broken: z.object({ seq: z.int(), why: z.string() }).nullable(),
  /** Rows from before there was a chain: nothing shows whether they are what was written. */
  outside_rows: z.int(),
  /** Of when the first row of the chain is; null where it has none. */
  began_at: instant.nullable(),
});
export type AuditChain = z.infer<typeof auditChain>;

/** The chain of one service's acts. */
export const actChain = z.object({
  service: z.string(),
  rows: z.int(),
  /** As that of the calls; null where no row is in the chain. */
  head_sha256: sha256Hex.nullable(),
  /** The first number at which it does not hold; null where it does. */
  broken_seq: z.int().nullable(),
  /** As those of the calls. */
  outside_rows: z.int(),
  began_at: instant.nullable(),
});
export type ActChain = z.infer<typeof actChain>;

export const toolCallRoutes = {
  recordToolCalls: route('POST', '/api/v1/mcp/audit', {
    summary: 'Audit rows of tool calls, in batches; a row that is kept already is passed over.',
    body: z.strictObject({ calls: z.array(toolCall).max(500) }),
    response: z.object({ recorded: z.int() }),
    repeatable: true,
  }),
  verifyToolCalls: route('GET', '/api/v1/mcp/audit/chain', {
    summary: 'Computes the chain of the audit of tool calls anew, and says where it breaks.',
    response: auditChain,
  }),
  verifyActs: route('GET', '/api/v1/audit/chains', {
    summary: "Computes the chains of each service's acts anew, and says where they break.",
    response: z.object({ chains: z.array(actChain) }),
  }),
};
