import { randomUUID } from 'node:crypto';
import { AppError, outsideContext, type Log } from '@catalyst/service-kit';
import type { Services } from '../services.ts';

export interface ToolCall {
  caller: string;
  tool: string;
  arguments: Record<string, unknown>;
  outcome: string;
}
type Row = ToolCall & { call_id: string; at: string };

interface Deps {
  workflow: Pick<Services['workflow'], 'recordToolCalls'>;
  now: () => string;
  log: Log;
  /** Wall time between batches. */
  every_ms?: number;
}

/** As many rows as one request takes. */
const BATCH = 500;
/** Beyond this many waiting rows calls are refused: a call that cannot be recorded is not made. */
const MOST_WAITING = 5000;
const MAX_ARGUMENTS = 4000;

const shortened = (given: Record<string, unknown>): Record<string, unknown> => {
  const text = JSON.stringify(given);
  return text.length <= MAX_ARGUMENTS ? given : { cut: true, text: text.slice(0, MAX_ARGUMENTS) };
};

/**
 * Sends the audit of tool calls to workflow, which owns it: acts one by one and before they are
 * done, the rest in batches.
 */
export const createRecordCalls = ({ workflow, now, log, every_ms = 1000 }: Deps) => {
  let waiting: Row[] = [];
  let sending: Promise<void> = Promise.resolve();
  let trouble: string | null = null;

  const toRow = (call: ToolCall): Row => ({
    ...call,
    arguments: shortened(call.arguments),
    call_id: randomUUID(),
    at: now(),
  });
  const sendBatches = async (): Promise<void> => {
    while (waiting.length > 0) {
      const calls = waiting.slice(0, BATCH);
      try {
        await workflow.recordToolCalls({ body: { calls } });
        waiting = waiting.slice(calls.length);
        trouble = null;
      } catch (error) {
        trouble = `${waiting.length} audit rows of tool calls wait for workflow`;
        log.warn('tool_call_audit_waits', { waiting: waiting.length, error });
        return;
      }
    }
  };
  const flush = (): Promise<void> => {
    sending = sending.then(sendBatches);
    return sending;
  };
  const timer = setInterval(() => {
    if (waiting.length > 0) void outsideContext(flush);
  }, every_ms).unref();

  return {
    /**
     * Resolves once the row is stored; rejects when it cannot be, and then the act must not be
     * done.
     */
    recordFirst: async (call: ToolCall): Promise<void> => {
      await workflow.recordToolCalls({ body: { calls: [toRow(call)] } });
    },
    recordSoon: (call: ToolCall): void => {
      waiting.push(toRow(call));
    },
    /** @throws SERVICE_UNAVAILABLE when so many rows wait that no more may be added */
    checkCapacity: (): void => {
      if (waiting.length >= MOST_WAITING)
        throw new AppError(
          'SERVICE_UNAVAILABLE',
          'the audit of earlier calls cannot be written, so no further call is made',
        );
    },
    flush,
    trouble: () => trouble,
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await flush();
    },
  };
};
export type RecordCalls = ReturnType<typeof createRecordCalls>;
