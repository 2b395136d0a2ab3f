import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
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
import type { Receiver } from './flows/record-sessions.ts';

export const BEAT_MS = streamLimits.heartbeat_every_s * 1000;
/** Clients that come back after a deploy are spread over this. */
const SPREAD_MS = 5000;
/** So long a client may take to read a goodbye before its connection is cut. */
const LEAVE_MS = 2000;

/** One client's connection, from its welcome to its end. */
export interface SignalSession {
  /** By which the facts about it are told. */
  readonly receiver: Receiver;
  client: SignalClient;
  filters: SignalFilters;
  /** `open` has not subscribed yet. */
  state: 'open' | 'backfill' | 'live' | 'ended';
  /** The last number that was told to it. */
  told: number;
  /** The last sign of life, by the wall. */
  heard_at: number;
  /** When its next heartbeat is due. */
  beat_at: number;
  isAlone: boolean;
  /** Its place among the sessions of all copies; null until it has one, being the newest till then. */
  claim: number | null;
  /** When its key ends, in ms of the clock; never: Infinity. */
  expires_at: number;
  /** Writes a frame that is made already; false where so much is unread that it may be behind. */
  write(frame: Buffer): boolean;
  /** True where it has so much unread that it is given older rows as it reads them. */
  isBehind(): boolean;
  send(frame: ServerFrame): void;
  /** Bytes that the client has not taken. */
  unread(): number;
  /** Waits until the client may be sent more; false where it left. */
  caughtUp(): Promise<boolean>;
  /** Asked each second: for how many ms nothing was taken of what it was sent. */
  stuck_ms(at: number): number;
  end(reason: GoodbyeReason, message: string): void;
}

export const endOf = ({ expires_at }: SignalClient): number =>
  expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(expires_at);

/** What may lie in the socket while older rows are sent. */
const BACKFILL_BYTES = 262_144;

export const createSignalSession = (
  socket: WebSocket,
  raw: Socket,
  client: SignalClient,
  onEnd: (reason: GoodbyeReason) => void,
): SignalSession => {
  let goOn: (() => void) | null = null;
  let taken = 0;
  let taken_at = performance.now();
  const session: SignalSession = {
    receiver: { client_id: client.client_id, session_id: randomUUID() },
    client,
    filters: {},
    state: 'open',
    told: 0,
    heard_at: performance.now(),
    beat_at: performance.now() + BEAT_MS,
    expires_at: endOf(client),
    claim: null,
    isAlone: !client.configuration.flags.multiple_sessions,
    write: (frame) => {
      if (session.state === 'ended' || raw.write(frame)) return true;
      if (raw.writableLength > streamLimits.unread_bytes)
        session.end('too_slow', 'more than 1 MB of what was sent is not read');
      return false;
    },
    isBehind: () => raw.writableLength > BACKFILL_BYTES,
    send: (frame) => void session.write(frameText(JSON.stringify(frame))),
    unread: () => raw.writableLength,
    caughtUp: async () => {
      if (session.state !== 'ended' && session.isBehind())
        await new Promise<void>((resolve) => (goOn = resolve));
      return session.state !== 'ended';
    },
    stuck_ms: (at) => {
      const unread = raw.writableLength;
      // `bytesWritten` costs more than all else that a second asks of a connection
      const taken_by_now = unread === 0 ? taken : raw.bytesWritten - unread;
      if (unread === 0 || taken_by_now !== taken) taken_at = at;
      taken = taken_by_now;
      return at - taken_at;
    },
    end: (reason, message) => {
      if (session.state === 'ended') return;
      const isSubscribed = session.state !== 'open';
      session.state = 'ended';
      goOn?.();
      onEnd(reason);
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
  raw.on('drain', () => goOn?.());
  return session;
};
