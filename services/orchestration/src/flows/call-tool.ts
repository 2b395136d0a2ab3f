import { randomUUID } from 'node:crypto';
import type { AccessScope, DeskStanding } from '@catalyst/contracts';
import { AppError, describeIssues, sha256, type Log } from '@catalyst/service-kit';
import {
  ProtocolError,
  ProtocolErrorCode,
  type CallToolResult,
} from '@modelcontextprotocol/server';
import { findIds } from '../domain/find-ids.ts';
import { visibleLine } from '../domain/outside-words.ts';
import type { Tool, ToolAnswer, ToolCaller } from '../tools/tool.ts';
import type { Holder } from './admit-holder.ts';
import type { Answer, MakeAnswers } from './make-answers.ts';
import type { RecordCalls, ToolCall } from './record-calls.ts';
import { keepText } from './result-text.ts';
import type { ShareReads } from './share-reads.ts';

/** How a call goes on with who made it while it runs. */
export type Hearing = Pick<ToolCaller, 'signal' | 'tell'>;

interface Deps {
  tools: readonly Tool[];
  reads: ShareReads;
  recordCalls: RecordCalls;
  makeAnswers: MakeAnswers;
  log: Log;
}

/** The protocol answers no call that was taken back. */
const NOBODY_HEARS: CallToolResult = { content: [] };

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
export const createCallTool = ({ tools, reads, recordCalls, makeAnswers, log }: Deps) => {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));

  const toResult = ({ text, data, picture }: Answer, isError = false): CallToolResult => ({
    ...(isError && { isError }),
    content: [
      { type: 'text', text },
      ...(picture
        ? [{ type: 'image' as const, data: picture.toString('base64'), mimeType: 'image/png' }]
        : []),
    ],
    structuredContent: data,
  });

  const run = async (
    tool: Tool,
    { name, scopes }: Holder,
    intended: ToolCall,
    hearing: Hearing,
  ): Promise<ToolAnswer> => {
    if (!scopes.has(tool.scope))
      throw new AppError(
        'SCOPE_NOT_GRANTED',
        `${tool.name} needs the scope ${tool.scope}, and the key ${name} has ${[...scopes].join(', ')}; the operator makes a key with: scripts/catalyst key new NAME --scope ${tool.scope}`,
        { needed: tool.scope, granted: [...scopes] },
      );
    const input = tool.input.safeParse(intended.arguments);
    if (!input.success)
      throw new AppError(
        'INVALID_REQUEST',
        `the arguments of ${tool.name} are not right: ${describeIssues('', input.error.issues, intended.arguments)}${input.error.issues.some(({ code }) => code === 'unrecognized_keys') ? `; it takes ${tool.takes.join(', ') || 'none'}` : ''}`,
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
    // a stop that arrived is done, whoever went away meanwhile: clients give up by cancelling too
    if (!tool.annotations.readOnlyHint && !tool.only_lowers_risk) hearing.signal.throwIfAborted();
    return tool.run(input.data, { by: intended.caller, scopes, ...hearing });
  };

  /** What a call answers, and what its row in the audit says of that. */
  const answer = async (tool: Tool, holder: Holder, call: ToolCall, hearing: Hearing) => {
    const given = call.arguments;
    const ended = (outcome: string, result: CallToolResult) => {
      const text = JSON.stringify(result);
      return {
        told: { result, text },
        end: {
          outcome,
          touched: findIds([given, result.structuredContent]),
          answer_sha256: sha256(text),
        },
      };
    };
    const { readStanding, succeeded, failed } = makeAnswers;
    // what an act changes is told as it is after it
    const before = tool.annotations.readOnlyHint ? readStanding() : null;
    const standing = (): Promise<DeskStanding | null> => {
      if (before) return before;
      reads.askAnew();
      return readStanding();
    };
    try {
      const found = await run(tool, holder, call, hearing);
      const told = succeeded(await standing(), found, tool);
      const outcome = typeof found.data.status === 'string' ? found.data.status : 'ok';
      return ended(outcome, toResult(told));
    } catch (error) {
      if (error === hearing.signal.reason) return ended('cancelled', NOBODY_HEARS);
      const known =
        error instanceof AppError ? error : new AppError('INTERNAL', String(error), {}, error);
      if (known.code === 'INTERNAL') log.error('tool_failed', { tool: tool.name, error });
      return ended(known.code, toResult(failed(await standing(), known), true));
    }
  };

  /** @throws ProtocolError for a tool that does not exist */
  return async (
    name: string,
    given: Record<string, unknown>,
    holder: Holder,
    hearing: Hearing,
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
    const { readOnlyHint: isRead, idempotentHint: isRepeatable } = tool.annotations;
    const { told, end } = await (isRead && isRepeatable
      ? reads.share(JSON.stringify([holder.key_id, name, given]), () =>
          answer(tool, holder, call, hearing),
        )
      : answer(tool, holder, call, hearing));
    const row = { ...call, ...end, duration_ms: Math.round(performance.now() - began) };
    if (isRead) recordCalls.recordSoon(row);
    else recordCalls.recordAct(row);
    return keepText({ ...told.result }, told.text);
  };
};
export type CallTool = ReturnType<typeof createCallTool>;
