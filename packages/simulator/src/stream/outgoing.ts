import { encode } from '@msgpack/msgpack';
import type { Account } from '../exchange/account.ts';
import { instantsInMsgpack } from './wire-instant.ts';

export type StreamName = 'trade_updates' | 'stock_data' | 'news';
export type Codec = 'json' | 'msgpack';

/**
 * What leaves for one client at once. A frame may be shared by many clients, so it is encoded at
 * most once in each codec and never changed; who wants another frame makes one with `createFrame`.
 */
export interface OutgoingFrame {
  /**
   * Answers of the protocol itself (authorization, subscriptions, errors) are `control`, what
   * happened at the exchange or on the wire is `data`.
   */
  kind: 'control' | 'data';
  /**
   * Before encoding: the one object of a trade update, or the messages of a data stream's array.
   */
  messages: readonly object[];
  payload(codec: Codec): Buffer;
}

export type SendFrame = (frame: OutgoingFrame) => void;

/** Who a frame is for: one object as long as the socket is open. */
export interface FrameReader {
  isOpen(): boolean;
  /** Breaks the connection without a word. */
  disconnect(): void;
}

/**
 * The one way out: every frame of every stream passes here. `send` may be called at once, later,
 * more than once or never; after the socket has closed it does nothing.
 */
export type Outgoing = (
  stream: StreamName,
  account: Account | null,
  frame: OutgoingFrame,
  send: SendFrame,
  reader: FrameReader,
) => void;

export const sendDirectly: Outgoing = (_stream, _account, frame, send) => send(frame);

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Encodings of single messages that several frames share, so that each message is encoded once in
 * each codec however many different frames hold it.
 */
type SharedEncodings = Record<Codec, WeakMap<object, Buffer>>;
export const createSharedEncodings = (): SharedEncodings => ({
  json: new WeakMap(),
  msgpack: new WeakMap(),
});

const MSGPACK = { extensionCodec: instantsInMsgpack };
const encodeOne = (codec: Codec, value: unknown): Buffer =>
  codec === 'json' ? Buffer.from(JSON.stringify(value)) : asBuffer(encode(value, MSGPACK));

/** The head of a msgpack array (fixarray or array 16). */
const arrayHead = (length: number): Buffer =>
  Buffer.from(length < 16 ? [0x90 | length] : [0xdc, length >> 8, length & 0xff]);
const [OPEN, COMMA, CLOSE] = ['[', ',', ']'].map((one) => Buffer.from(one)) as [
  Buffer,
  Buffer,
  Buffer,
];

const joined = (codec: Codec, messages: readonly object[], shared: SharedEncodings): Buffer => {
  const parts = messages.map((message) => {
    const known = shared[codec].get(message);
    const bytes = known ?? encodeOne(codec, message);
    if (!known) shared[codec].set(message, bytes);
    return bytes;
  });
  if (codec === 'msgpack') return Buffer.concat([arrayHead(parts.length), ...parts]);
  return Buffer.concat([
    OPEN,
    ...parts.flatMap((part, index) => (index === 0 ? [part] : [COMMA, part])),
    CLOSE,
  ]);
};

/**
 * A frame of `messages`; trade updates are sent as a bare object (`enclosed: false`), data always
 * in an array, of at most 65,535 where encodings are `shared`.
 */
export const createFrame = (
  kind: OutgoingFrame['kind'],
  messages: readonly object[],
  enclosed: boolean,
  shared: SharedEncodings | null = null,
): OutgoingFrame => {
  const encoded: Partial<Record<Codec, Buffer>> = {};
  return {
    kind,
    messages,
    payload: (codec) =>
      (encoded[codec] ??=
        enclosed && shared
          ? joined(codec, messages, shared)
          : encodeOne(codec, enclosed ? messages : messages[0])),
  };
};
