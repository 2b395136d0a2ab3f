import { randomUUID } from 'node:crypto';
import { AppError, outsideContext, type Log } from '@catalyst/service-kit';
import { storable } from '../domain/storable-text.ts';
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
/** Beyond this many waiting rows reads are refused: a call that cannot be recorded is not made. */
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
  let isRefused = false;

  // after the cut, which may go through the middle of a character
  const toRow = (call: ToolCall): Row =>
    storable({
      ...call,
      arguments: shortened(call.arguments),
      call_id: randomUUID(),
      at: now(),
    });
  /** @returns null, or why the rows at the head of the queue were not taken */
  const send = async (size: number): Promise<unknown> => {
    const calls = waiting.slice(0, size);
    try {
      await workflow.recordToolCalls({ body: { calls } });
      waiting = waiting.slice(calls.length);
      return null;
    } catch (error) {
      return error;
    }
  };
  const sendBatches = async (): Promise<void> => {
    while (waiting.length > 0) {
      const refusal = await send(BATCH);
      if (refusal === null) continue;
      const isOutage = refusal instanceof AppError && refusal.retryable;
      if (!isOutage) {
        // one row may be why: the first goes alone, and behind the others if it is not taken either
        if ((await send(1)) === null) continue;
        waiting = [...waiting.slice(1), ...waiting.slice(0, 1)];
      }
      if (!isRefused)
        log.warn('tool_call_audit_waits', { waiting: waiting.length, error: refusal });
      isRefused = true;
      return;
    }
    isRefused = false;
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
          'the audit of earlier calls cannot be written, so nothing more is read',
        );
    },
    flush,
    /** Why the desk is not well; null while every row is taken. */
    trouble: (): string | null =>
      !isRefused
        ? null
        : waiting.length === 1
          ? '1 audit row of tool calls waits for workflow'
          : `${waiting.length} audit rows of tool calls wait for workflow`,
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await flush();
    },
  };
};
export type RecordCalls = ReturnType<typeof createRecordCalls>;
