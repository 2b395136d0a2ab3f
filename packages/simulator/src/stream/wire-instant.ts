import { stamp } from '../market/trading-time.ts';

/**
 * An instant in a message: Alpaca's text in JSON, a timestamp (extension -1) in msgpack, which
 * encodes every Date as one.
 */
export class WireInstant extends Date {
  override toJSON(): string {
    return stamp(this.getTime());
  }
}
