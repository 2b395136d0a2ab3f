import { randomInt } from 'node:crypto';
import type { SignalFilters, TradingSignal } from '@catalyst/contracts';
import { openStream, randomAddress } from './signal-socket.ts';

/** A client that comes back with the last number it knows, to whichever copy. */
export const startFollower = (
  copies: readonly { url: string }[],
  key: string,
  filters: SignalFilters,
) => {
  const address = randomAddress();
  const received: TradingSignal[] = [];
  const faults: string[] = [];
  let cursor = 0;
  let sessions = 0;
  let isStopped = false;
  let stream: ReturnType<typeof openStream>;

  const cover = (seq: number, after: number): void => {
    if (after > cursor) faults.push(`a hole: told ${after}, had ${cursor}`);
    cursor = Math.max(cursor, seq);
  };
  const connect = (): void => {
    sessions += 1;
    stream = openStream(copies[randomInt(copies.length)]!.url, {
      headers: { 'x-api-key': key, 'x-real-ip': address },
    });
    stream.socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as (typeof stream.frames)[number];
      if (frame.type === 'welcome') stream.say({ type: 'subscribe', filters, after_seq: cursor });
      if (frame.type === 'signal') {
        if (frame.signal.seq <= cursor) faults.push(`${frame.signal.seq} again or late`);
        received.push(frame.signal);
        cover(frame.signal.seq, frame.after);
      }
      if (frame.type === 'heartbeat') cover(frame.seq, frame.after);
      if (frame.type === 'backfill') cover(frame.seq, cursor);
      // a desk that is busy or starting says so, and the client comes again
      if (frame.type === 'error' && frame.code !== 'TRY_AGAIN')
        faults.push(`${frame.code}: ${frame.message}`);
    });
    stream.socket.on('close', () => {
      if (!isStopped) setTimeout(connect, 20 + randomInt(100));
    });
  };
  connect();
  return {
    filters,
    received,
    faults,
    sessions: () => sessions,
    cursor: () => cursor,
    cut: () => stream.socket.terminate(),
    /** Reads nothing for a while, where it is connected. */
    stall: () => {
      if (stream.socket.readyState === stream.socket.OPEN) stream.socket.pause();
    },
    go: () => {
      if (stream.socket.isPaused) stream.socket.resume();
    },
    stop: () => {
      isStopped = true;
      stream.socket.terminate();
    },
  };
};
