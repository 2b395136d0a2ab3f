import { randomUUID } from 'node:crypto';
import type { ToolCall as Row } from '@catalyst/contracts';
import { AppError, createJournal, outsideContext, redact, type Log } from '@catalyst/service-kit';
import { storable } from '../domain/storable-text.ts';
import type { Services } from '../services.ts';

export type ToolCall = Omit<Row, 'call_id' | 'at'>;

interface Deps {
  workflow: Pick<Services['workflow'], 'recordToolCalls'>;
  /** Where the rows of acts wait, so that no end of this process loses one. */
  journal_path: string;
  now: () => string;
  log: Log;
  /** Wall time between batches. */
  every_ms?: number;
}

/** As many rows as one request takes. */
const BATCH = 500;
/** Beyond this many rows of reads the oldest is given up, and told of: nothing waits for a read's. */
const MOST_WAITING = 5000;
const MAX_ARGUMENTS = 4000;

const shortened = (all: Record<string, unknown>): Record<string, unknown> => {
  const given = redact(all) as Record<string, unknown>;
  const text = JSON.stringify(given);
  return text.length <= MAX_ARGUMENTS ? given : { cut: true, text: text.slice(0, MAX_ARGUMENTS) };
};

/**
 * Sends the audit of tool calls to workflow, which owns it: what opens, adds or loosens before it is
 * done; other acts from a journal on this machine; reads in batches from memory.
 */
export const createRecordCalls = ({ workflow, journal_path, now, log, every_ms = 1000 }: Deps) => {
  let waiting: Row[] = [];
  let sending: Promise<void> = Promise.resolve();
  let isRefused = false;
  let givenUp = 0;

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
  const acts = createJournal<Row>({
    path: journal_path,
    take: async (calls) => void (await workflow.recordToolCalls({ body: { calls: [...calls] } })),
    log,
    every_ms,
  });
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
    /** On this machine's disk before it returns; never refuses. */
    recordAct: (call: ToolCall): void => acts.note(toRow(call)),
    recordSoon: (call: ToolCall): void => {
      waiting.push(toRow(call));
      if (waiting.length <= MOST_WAITING) return;
      waiting.shift();
      givenUp += 1;
    },
    flush,
    /** Why the desk is not well; null while every row is taken. */
    trouble: (): string | null => {
      const rows = (isRefused ? waiting.length : 0) + acts.refused();
      const lost = givenUp > 0 ? `, and ${givenUp} of reads were given up` : '';
      if (rows === 0) return lost === '' ? null : `audit rows of tool calls: ${lost.slice(6)}`;
      return rows === 1
        ? `1 audit row of tool calls waits for workflow${lost}`
        : `${rows} audit rows of tool calls wait for workflow${lost}`;
    },
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await flush();
      await acts.close();
    },
  };
};
export type RecordCalls = ReturnType<typeof createRecordCalls>;
