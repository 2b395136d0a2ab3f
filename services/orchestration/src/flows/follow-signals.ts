import { signalStreamKey, tradingSignal, type TradingSignal } from '@catalyst/contracts';
import { messageOf, outsideContext, type Log, type RedisConnection } from '@catalyst/service-kit';
import type { Services } from '../services.ts';

/** A row as it is handed out: read once, written once. */
export interface LogRow {
  signal: TradingSignal;
  json: string;
}

/** Where a row came from, the nearest first; what a layer lacks is asked of the next. */
export const logLayers = ['memory', 'redis', 'database'] as const;
export type LogLayer = (typeof logLayers)[number];

interface Deps {
  redis: RedisConnection;
  workflow: Pick<Services['workflow'], 'listSignalLog' | 'watchSignals'>;
  log: Log;
  /** Rows held in memory; older ones are asked for. */
  keep?: number;
  onRow(row: LogRow): void;
  /** Rows that a layer had. */
  found(layer: LogLayer, rows: number): void;
}

const PAGE = 500;
const BLOCK_MS = 1000;

const toRow = (signal: TradingSignal): LogRow => ({ signal, json: JSON.stringify(signal) });

/**
 * This copy's view of the log: its tail in memory, in order and without a gap. New rows come from
 * the Redis Stream; what Redis lacks is asked of workflow, so that Redis only makes it sooner. Rows
 * never change, so no layer is ever out of date: it can only lack the latest, which heartbeats tell.
 */
export const createFollowSignals = ({ redis, workflow, log, keep = 5000, onRow, found }: Deps) => {
  const rows: LogRow[] = [];
  let head = 0;
  let log_id = '';
  let started: Promise<void> | null = null;
  let filling: Promise<void> | null = null;
  let isClosed = false;

  const append = (row: LogRow): void => {
    if (row.signal.seq !== head + 1) return;
    head += 1;
    rows.push(row);
    if (rows.length > keep * 1.2) rows.splice(0, rows.length - keep);
    onRow(row);
  };
  const ask = async (after_seq: number): Promise<LogRow[]> => {
    const { signals } = await workflow.listSignalLog({ query: { after_seq, limit: PAGE } });
    found('database', signals.length);
    return signals.map(toRow);
  };
  const fillTo = async (seq: number): Promise<void> => {
    while (head < seq && !isClosed) {
      const missing = await ask(head);
      if (missing.length === 0) return;
      for (const row of missing) append(row);
    }
  };
  /** Asks workflow for what is missing up to a number; one question at a time. */
  const reach = async (seq: number): Promise<void> => {
    while (head < seq && !isClosed) {
      const before = head;
      filling ??= fillTo(seq).finally(() => {
        filling = null;
      });
      await filling;
      // workflow has no more than this
      if (head === before) return;
    }
  };

  const take = async (seq: number, text: string): Promise<void> => {
    if (seq <= head) return;
    if (seq > head + 1) await reach(seq - 1);
    const read = tradingSignal.safeParse(JSON.parse(text));
    if (!read.success || read.data.seq !== seq) {
      log.warn('signal_entry_refused', { seq, error: read.error });
      return reach(seq);
    }
    found('redis', 1);
    append({ signal: read.data, json: text });
  };
  const readStream = async (): Promise<void> => {
    while (!isClosed) {
      try {
        const key = signalStreamKey(log_id);
        const answer = await redis.xread(
          'COUNT',
          PAGE,
          'BLOCK',
          BLOCK_MS,
          'STREAMS',
          key,
          `${head}-0`,
        );
        for (const [id, [, text]] of answer?.[0]?.[1] ?? [])
          await take(Number(id.split('-')[0]), text!);
      } catch (error) {
        if (isClosed) return;
        log.debug('signal_stream_unread', { reason: messageOf(error) });
        await new Promise((resolve) => setTimeout(resolve, BLOCK_MS).unref());
      }
    }
  };
  const start = async (): Promise<void> => {
    const watched = await workflow.watchSignals({ query: {} });
    log_id = watched.log_id;
    head = Math.max(0, watched.seq - keep);
    await fillTo(watched.seq);
    void outsideContext(readStream);
  };

  return {
    /** Begins with the first that connects; tried again by the next where workflow is away. */
    ready: (): Promise<void> => {
      started ??= outsideContext(start).catch((error: unknown) => {
        started = null;
        throw error;
      });
      return started;
    },
    head: () => head,
    logId: () => log_id,
    reach,
    /** Rows after a number: from memory, or a page of workflow's for what is older. */
    after: async (seq: number): Promise<readonly LogRow[]> => {
      const first = rows[0]?.signal.seq ?? head + 1;
      if (seq + 1 < first) return ask(seq);
      const held = rows.slice(seq + 1 - first, seq + 1 - first + PAGE);
      found('memory', held.length);
      return held;
    },
    close: (): void => {
      isClosed = true;
    },
  };
};
export type FollowSignals = ReturnType<typeof createFollowSignals>;
