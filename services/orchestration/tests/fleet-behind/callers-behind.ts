import type { AccessKey, ToolCall, workflowApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import { AppError, sha256 } from '@catalyst/service-kit';
import { AT } from './desk-rows.ts';
import type { Answers } from './stand-in.ts';

/** A tool whose audit row workflow cannot keep. */
export const UNKEPT_TOOL = 'a_row_that_is_refused';

/** Who may call, by the key, and the audit of what was called. */
export const createCallersBehind = () => {
  const audited: ToolCall[] = [];
  const accessKeys = new Map<string, AccessKey>();
  let keysAreDown = false;
  let auditIsDown = false;
  return {
    answers: {
      findAccessKey: ({ body }) => {
        if (keysAreDown) throw new AppError('SERVICE_UNAVAILABLE', 'workflow is away');
        return { key: accessKeys.get((body as { key_hash: string }).key_hash) ?? null };
      },
      recordToolCalls: ({ body }) => {
        if (auditIsDown) throw new AppError('INTERNAL', 'the disk is full');
        const { calls } = body as { calls: typeof audited };
        // as PostgreSQL does, which keeps neither NUL nor half a character
        const isKept = ({ tool }: { tool: string }) => tool !== UNKEPT_TOOL;
        if (!calls.every(isKept) || /\\u(0000|d[89a-f])/.test(JSON.stringify(calls)))
          throw new AppError('INTERNAL', 'unsupported Unicode escape sequence');
        audited.push(...calls);
        return { recorded: calls.length };
      },
    } satisfies Answers<typeof workflowApi>,
    controls: {
      audited,
      /** Lets a key in, or changes what it is from now on. */
      letIn: (name: string, key: string, change: Partial<AccessKey> = {}) => {
        accessKeys.set(sha256(key), {
          key_id: stableId('key', name),
          kind: 'claude',
          name,
          scopes: ['read', 'propose', 'trade'],
          state: 'active',
          created_by: 'the test',
          created_at: AT,
          expires_at: null,
          revoked_by: null,
          revoked_at: null,
          last_used_at: null,
          ...change,
        });
      },
      /** Whether workflow says who holds a key. */
      setKeysDown: (value: boolean) => {
        keysAreDown = value;
      },
      setAuditDown: (value: boolean) => {
        auditIsDown = value;
      },
    },
  };
};
