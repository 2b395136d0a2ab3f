import { randomUUID } from 'node:crypto';
import type { AccessScope } from '@catalyst/contracts';
import { AppError, describeIssues, sha256, type Log } from '@catalyst/service-kit';
import {
  ProtocolError,
  ProtocolErrorCode,
  type CallToolResult,
} from '@modelcontextprotocol/server';
import { findIds } from '../domain/find-ids.ts';
import { visibleLine } from '../domain/outside-words.ts';
import type { Tool, ToolAnswer } from '../tools/tool.ts';
import type { Holder } from './admit-holder.ts';
import type { Answer, MakeAnswers } from './make-answers.ts';
import type { RecordCalls, ToolCall } from './record-calls.ts';

interface Deps {
  tools: readonly Tool[];
  recordCalls: RecordCalls;
  makeAnswers: MakeAnswers;
  log: Log;
}

const beginCall = (
  caller: string,
  tool: string,
  given: Record<string, unknown>,
  scope: AccessScope | null,
): ToolCall => ({
  caller,
  tool,
  arguments: given,
  outcome: 'intended',
  act_id: randomUUID(),
  scope,
  touched: findIds(given),
  duration_ms: null,
  answer_sha256: null,
});

/**
 * Runs a tool for a key's holder: checks the arguments, writes the audit, marks and fences outside
 * words, turns failures into tool errors.
 */
export const createCallTool = ({ tools, recordCalls, makeAnswers, log }: Deps) => {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));

  const toResult = ({ text, data }: Answer, isError = false): CallToolResult => ({
    ...(isError && { isError }),
    content: [{ type: 'text', text }],
    structuredContent: data,
  });

  const run = async (
    tool: Tool,
    given: Record<string, unknown>,
    by: string,
    { name, scopes }: Holder,
    intended: ToolCall,
  ): Promise<ToolAnswer> => {
    if (!scopes.has(tool.scope))
      throw new AppError(
        'SCOPE_NOT_GRANTED',
        `${tool.name} needs the scope ${tool.scope}, and the key ${name} has ${[...scopes].join(', ')}; the operator makes a key with: scripts/catalyst key new NAME --scope ${tool.scope}`,
        { needed: tool.scope, granted: [...scopes] },
      );
    const input = tool.input.safeParse(given);
    if (!input.success)
      throw new AppError(
        'INVALID_REQUEST',
        `the arguments of ${tool.name} are not right: ${describeIssues('arguments', input.error.issues)}`,
      );
    // an act is recorded before it is done: what opens, adds or loosens where it is kept for good,
    // what lowers risk on this machine, so that nothing refuses an exit
    if (tool.only_lowers_risk) recordCalls.recordAct(intended);
    else if (!tool.annotations.readOnlyHint) {
      try {
        await recordCalls.recordFirst(intended);
      } catch (error) {
        log.error('act_without_audit_refused', { tool: tool.name, error });
        throw new AppError(
          'SERVICE_UNAVAILABLE',
          `the audit of ${tool.name} could not be written, so nothing was done`,
          {},
          error,
        );
      }
    }
    return tool.run(input.data, { by });
  };

  /** @throws ProtocolError for a tool that does not exist */
  return async (
    name: string,
    given: Record<string, unknown>,
    holder: Holder,
  ): Promise<CallToolResult> => {
    const by = `mcp:${holder.name}`;
    const tool = byName.get(name);
    if (!tool) {
      recordCalls.recordSoon({
        ...beginCall(by, visibleLine(name), given, null),
        outcome: 'unknown tool',
      });
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `there is no tool ${JSON.stringify(visibleLine(name))}; tools/list names the ${tools.length} there are`,
      );
    }
    const began = performance.now();
    const call = beginCall(by, name, given, tool.scope);
    /** Keeps how a call ended, and sends its answer. */
    const ended = (outcome: string, result: CallToolResult): CallToolResult => {
      const row = {
        ...call,
        outcome,
        touched: findIds([given, result.structuredContent]),
        duration_ms: Math.round(performance.now() - began),
        answer_sha256: sha256(JSON.stringify(result)),
      };
      if (tool.annotations.readOnlyHint) recordCalls.recordSoon(row);
      else recordCalls.recordAct(row);
      return result;
    };
    const { readStanding, succeeded, failed } = makeAnswers;
    // what an act changes is told as it is after it
    const before = tool.annotations.readOnlyHint ? readStanding() : null;
    try {
      const found = await run(tool, given, by, holder, call);
      const answer = succeeded(await (before ?? readStanding()), found, tool);
      const outcome = typeof found.data.status === 'string' ? found.data.status : 'ok';
      return ended(outcome, toResult(answer));
    } catch (error) {
      const known =
        error instanceof AppError ? error : new AppError('INTERNAL', String(error), {}, error);
      if (known.code === 'INTERNAL') log.error('tool_failed', { tool: name, error });
      const answer = failed(await (before ?? readStanding()), known);
      return ended(known.code, toResult(answer, true));
    }
  };
};
export type CallTool = ReturnType<typeof createCallTool>;
