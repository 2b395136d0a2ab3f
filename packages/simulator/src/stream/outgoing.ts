import { encode } from '@msgpack/msgpack';
import type { Account } from '../exchange/account.ts';

export type StreamName = 'trade_updates' | 'stock_data' | 'news';
export type Codec = 'json' | 'msgpack';

/**
 * What leaves for one client at once. A frame may be shared by many clients, so it is encoded at most once in each codec and never changed;
 * who wants another frame makes one with `createFrame`.
 */
export interface OutgoingFrame {
  /** Answers of the protocol itself (authorization, subscriptions, errors) are `control`, what happened at the exchange or on the wire is `data`. */
  kind: 'control' | 'data';
  /** Before encoding: the one object of a trade update, or the messages of a data stream's array. */
  messages: readonly object[];
  payload(codec: Codec): Buffer;
}

export type SendFrame = (frame: OutgoingFrame) => void;

/** Who a frame is for: one object as long as the socket is open. */
export interface FrameReader {
  /** Breaks the connection without a word. */
  disconnect(): void;
}

/** The one way out: every frame of every stream passes here. `send` may be called at once, later, more than once or never; after the socket has closed it does nothing. */
export type Outgoing = (stream: StreamName, account: Account | null, frame: OutgoingFrame, send: SendFrame, reader: FrameReader) => void;

export const sendDirectly: Outgoing = (_stream, _account, frame, send) => send(frame);

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A frame of `messages`; trade updates are sent as a bare object (`enclosed: false`), data always in an array. */
export const createFrame = (kind: OutgoingFrame['kind'], messages: readonly object[], enclosed: boolean): OutgoingFrame => {
  const encoded: Partial<Record<Codec, Buffer>> = {};
  const value = (): unknown => (enclosed ? messages : messages[0]);
  return {
    kind,
    messages,
    payload: (codec) => (encoded[codec] ??= codec === 'json' ? Buffer.from(JSON.stringify(value())) : asBuffer(encode(value()))),
  };
};
