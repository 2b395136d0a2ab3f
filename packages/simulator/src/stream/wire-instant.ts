import {
  decodeTimestampExtension,
  encodeTimeSpecToTimestamp,
  EXT_TIMESTAMP,
  ExtensionCodec,
} from '@msgpack/msgpack';
import { textAfter } from '../nanoseconds.ts';

/** An instant in a message, `nanoseconds` after a millisecond: Alpaca's text in JSON. */
export class WireInstant extends Date {
  readonly nanoseconds: number;

  constructor(milliseconds: number, nanoseconds = 0) {
    super(milliseconds);
    this.nanoseconds = nanoseconds;
  }

  override toJSON(): string {
    return textAfter(this.getTime(), this.nanoseconds);
  }
}

/** In msgpack it is a timestamp (extension -1). */
export const instantsInMsgpack = new ExtensionCodec();
instantsInMsgpack.register({
  type: EXT_TIMESTAMP,
  encode: (value) => {
    if (!(value instanceof WireInstant)) return null;
    const milliseconds = value.getTime();
    const sec = Math.floor(milliseconds / 1_000);
    return encodeTimeSpecToTimestamp({
      sec,
      nsec: (milliseconds - sec * 1_000) * 1e6 + value.nanoseconds,
    });
  },
  decode: decodeTimestampExtension,
});
