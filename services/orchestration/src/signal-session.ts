import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import {
  closeCodes,
  streamLimits,
  type GoodbyeReason,
  type ServerFrame,
  type SignalClient,
  type SignalFilters,
} from '@catalyst/contracts';
import type { WebSocket } from 'ws';
import { frameText } from './domain/frame-text.ts';

/** Clients that come back after a deploy are spread over this. */
const SPREAD_MS = 5000;
/** So long a client may take to read a goodbye before its connection is cut. */
const LEAVE_MS = 2000;

/** One client's connection, from its welcome to its end. */
export interface SignalSession {
  readonly session_id: string;
  client: SignalClient;
  filters: SignalFilters;
  /** `open` has not subscribed yet. */
  state: 'open' | 'backfill' | 'live' | 'ended';
  /** The last number that was told to it. */
  told: number;
  /** The last sign of life, by the wall. */
  heard_at: number;
  isAlone: boolean;
  /** Its place among the sessions of all copies; null until it has one, being the newest till then. */
  claim: number | null;
  /** Writes a frame that is made already. */
  write(frame: Buffer): void;
  send(frame: ServerFrame): void;
  ping(): void;
  /** Bytes that the client has not taken. */
  unread(): number;
  /** Waits until the client has taken what it was sent; false where it does not, or left. */
  caughtUp(): Promise<boolean>;
  /** Since when it takes nothing, by the wall. */
  stuck_since: number | null;
  end(reason: GoodbyeReason, message: string): void;
}

/** What may lie in the socket while older rows are sent. */
const BACKFILL_BYTES = 262_144;

export const createSignalSession = (
  socket: WebSocket,
  raw: Duplex,
  client: SignalClient,
): SignalSession => {
  const session: SignalSession = {
    session_id: randomUUID(),
    client,
    filters: {},
    state: 'open',
    told: 0,
    heard_at: performance.now(),
    stuck_since: null,
    claim: null,
    isAlone: !client.configuration.flags.multiple_sessions,
    write: (frame) => {
      if (session.state === 'ended') return;
      raw.write(frame);
      const unread = raw.writableLength;
      if (unread === 0) session.stuck_since = null;
      else session.stuck_since ??= performance.now();
      if (unread > streamLimits.unread_bytes)
        session.end('too_slow', 'more than 1 MB of what was sent is not read');
    },
    send: (frame) => session.write(frameText(JSON.stringify(frame))),
    ping: () => {
      if (session.state !== 'ended') socket.ping();
    },
    unread: () => raw.writableLength,
    caughtUp: async () => {
      const since = performance.now();
      while (session.state !== 'ended' && raw.writableLength > BACKFILL_BYTES) {
        if (performance.now() - since > streamLimits.unread_s * 1000) return false;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return session.state !== 'ended';
    },
    end: (reason, message) => {
      if (session.state === 'ended') return;
      const isSubscribed = session.state !== 'open';
      session.state = 'ended';
      raw.write(
        frameText(
          JSON.stringify({
            type: 'goodbye',
            reason,
            message,
            resume_after_seq: isSubscribed ? session.told : null,
            reconnect_after_ms: reason === 'deploy' ? Math.floor(Math.random() * SPREAD_MS) : 1000,
          } satisfies ServerFrame),
        ),
      );
      socket.close(closeCodes[reason], reason);
      setTimeout(() => socket.terminate(), LEAVE_MS).unref();
    },
  };
  raw.on('drain', () => {
    session.stuck_since = null;
  });
  return session;
};
