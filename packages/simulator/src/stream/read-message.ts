import { decode } from '@msgpack/msgpack';
import type { RawData } from 'ws';
import type { Codec } from './outgoing.ts';

export type Message = Record<string, unknown>;

export const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * No message is longer, so no list in one is: a header that claims more must not reserve memory for
 * it.
 */
export const MAX_MESSAGE_BYTES = 65_536;
const LIMITS = {
  maxArrayLength: MAX_MESSAGE_BYTES,
  maxMapLength: MAX_MESSAGE_BYTES,
  maxStrLength: MAX_MESSAGE_BYTES,
  maxBinLength: MAX_MESSAGE_BYTES,
  maxExtLength: MAX_MESSAGE_BYTES,
};

/** What a client has sent as it came. */
export const bytesOf = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * The keys in a message, both ways in which Alpaca's clients name them; empty where there are none.
 */
export const readKeys = (message: Message): { key: string; secret: string } => {
  const data = isMessage(message.data) ? message.data : {};
  return message.action === 'auth'
    ? { key: text(message.key), secret: text(message.secret) }
    : { key: text(data.key_id), secret: text(data.secret_key) };
};

/** What a client has sent, one object; null for whatever is not one in its codec. */
export const readMessage = (codec: Codec, data: RawData): Message | null => {
  const buffer = bytesOf(data);
  try {
    const message: unknown =
      codec === 'msgpack' ? decode(buffer, LIMITS) : JSON.parse(buffer.toString('utf8'));
    return isMessage(message) ? message : null;
  } catch {
    // Reading a stranger's bytes touches nothing else: whatever it throws, they are not a message.
    return null;
  }
};
