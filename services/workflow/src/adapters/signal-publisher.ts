import { signalStreamKey, type TradingSignal } from '@catalyst/contracts';
import {
  createOutage,
  outsideContext,
  type Log,
  type RedisConnection,
} from '@catalyst/service-kit';

/** Signals that Redis holds at most; who needs older ones asks for them. */
export const KEPT_SIGNALS = 10_000;
const AT_A_TIME = 500;
/** What a crash or a Redis that was away left behind is looked for this often, by the wall. */
const SWEEP_MS = 2000;

interface Deps {
  redis: RedisConnection;
  log: Log;
  readLogId(): Promise<string>;
  readHead(): Promise<number>;
  readAfter(after_seq: number, limit: number): Promise<TradingSignal[]>;
}

export interface SignalPublisher {
  /** Puts what is committed and not in Redis yet there, soon. */
  publish(): void;
  close(): Promise<void>;
}

/**
 * The log's own tail in a Redis Stream, for the fan-out. The log is the outbox: an entry's id is its
 * number, so that Redis itself says how far it came, takes nothing twice, and is filled anew where
 * it comes back empty, or ahead of a log that was restored.
 */
export const createSignalPublisher = (deps: Deps): SignalPublisher => {
  const { redis, log, readLogId, readHead, readAfter } = deps;
  const outage = createOutage('signal_stream', log);
  let running: Promise<void> | null = null;
  let isWanted = false;

  const lastIn = async (key: string): Promise<number> => {
    const [newest] = await redis.xrevrange(key, '+', '-', 'COUNT', 1);
    return newest ? Number(newest[0].split('-')[0]) : 0;
  };
  const bringUp = async (): Promise<void> => {
    const key = signalStreamKey(await readLogId());
    let last = await lastIn(key);
    const head = await readHead();
    if (last > head) {
      log.warn('signal_stream_ahead', { last, head });
      await redis.del(key);
      last = 0;
    }
    last = Math.max(last, head - KEPT_SIGNALS);
    while (last < head) {
      const rows = await readAfter(last, AT_A_TIME);
      if (rows.length === 0) return;
      const pipeline = redis.pipeline();
      for (const row of rows)
        pipeline.xadd(
          key,
          'MAXLEN',
          '~',
          KEPT_SIGNALS,
          `${row.seq}-0`,
          'signal',
          JSON.stringify(row),
        );
      const results = await pipeline.exec();
      const failed = results?.find(([error]) => error)?.[0];
      if (!results || failed) throw failed ?? new Error('redis did not answer');
      last = rows.at(-1)!.seq;
    }
  };
  const run = async (): Promise<void> => {
    while (isWanted) {
      isWanted = false;
      try {
        await bringUp();
        outage.back();
      } catch (error) {
        if (redis.status === 'ready') outage.away(error);
      }
    }
    running = null;
  };
  const publish = (): void => {
    isWanted = true;
    running ??= outsideContext(run);
  };
  const sweep = setInterval(publish, SWEEP_MS);
  sweep.unref();
  publish();
  return {
    publish,
    close: async () => {
      clearInterval(sweep);
      // a Redis that is away answers nobody: what it lacks is in the log
      if (redis.status === 'ready') await running;
    },
  };
};
