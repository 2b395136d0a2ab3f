import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Codec, OutgoingFrame } from './outgoing.ts';

/** How long a client may take to answer that it heard of the end. */
const CLOSE_GRACE_MS = 500;
/** The same for one that has to read what waits for it first. */
export const SLOW_CLIENT_GRACE_MS = 5_000;
/**
 * How much more may wait at once when a long step tells its story in one turn of the event loop.
 */
const ONE_STEP_FACTOR = 16;

/**
 * Bytes that may still wait for a client from earlier; who reads slower than that is told so and
 * disconnected.
 */
export const SLOW_CLIENT_BYTES = 16 * 1_024 * 1_024;

export interface ClientSocket {
  codec: Codec;
  isOpen(): boolean;
  /** Sends, or calls `onSlow` once where the client does not keep up. */
  write(frame: OutgoingFrame): void;
  /** Says goodbye, and breaks the connection where nobody answers in `grace_ms`. */
  end(code: number, reason: string, grace_ms?: number): void;
  /** Breaks the connection without a word. */
  disconnect(): void;
}

interface Options {
  codec: Codec;
  /** Whether JSON leaves in binary frames, as on the trading stream. */
  binary_json: boolean;
  slow_client_bytes: number;
  onSlow(): void;
}

export const codecOf = (request: IncomingMessage): Codec =>
  request.headers['content-type'] === 'application/msgpack' ? 'msgpack' : 'json';

export const createClientSocket = (
  socket: WebSocket,
  { codec, binary_json, slow_client_bytes, onSlow }: Options,
): ClientSocket => {
  let slow = false;
  let inTurn = false;

  // What has been written in this turn of the event loop could not leave yet, so only what is left
  // from earlier turns tells a slow client.
  const isBehind = (): boolean => {
    if (inTurn) return socket.bufferedAmount > slow_client_bytes * ONE_STEP_FACTOR;
    inTurn = true;
    setImmediate(() => {
      inTurn = false;
    });
    return socket.bufferedAmount > slow_client_bytes;
  };

  const isOpen = (): boolean => socket.readyState === socket.OPEN;
  const write = (frame: OutgoingFrame): void => {
    if (!isOpen()) return;
    if (!slow && isBehind()) {
      slow = true;
      onSlow();
      return;
    }
    socket.send(frame.payload(codec), { binary: binary_json || codec === 'msgpack' });
  };
  return {
    codec,
    isOpen,
    write,
    end: (code, reason, grace_ms = CLOSE_GRACE_MS) => {
      socket.close(code, reason);
      // What is said within a long step leaves only when it is over.
      setImmediate(() => setTimeout(() => socket.terminate(), grace_ms).unref()).unref();
    },
    disconnect: () => socket.terminate(),
  };
};
