import type { createAskSignals } from '../ask-signals.ts';
import type { SignalDesk } from '../signal-desk.ts';
import type { openStream } from '../signal-socket.ts';

/** A desk with one friend, and the ways to it; filled once it has started. */
export interface OpenedDesk {
  desk: SignalDesk;
  ann: { client_id: string; key: string };
  /** A stream to the first copy, ended after the test; with a key it shows that first. */
  open(key?: string, options?: object): Promise<ReturnType<typeof openStream>>;
  /** The REST twin. */
  rest: ReturnType<typeof createAskSignals>;
}
