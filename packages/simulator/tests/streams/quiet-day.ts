import { afterEach } from '@jest/globals';
import type { SimulatorOptions } from '../../src/index.ts';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { quietDay } from '../small-day.ts';
import { openStream, type OpenStream } from './open-stream.ts';

/** A simulator of a quiet day for each test that starts it, and streams of it. */
export interface QuietDay {
  /** Of the simulator that was started. */
  readonly account: OpenAccount;
  start(options?: Partial<SimulatorOptions>): Promise<void>;
  open(path: string, options?: Parameters<typeof openStream>[2]): Promise<OpenStream>;
}

/** Ends after each test what it has started and opened. */
export const testQuietDay = (): QuietDay => {
  let account: OpenAccount | null = null;
  const streams: OpenStream[] = [];
  afterEach(async () => {
    for (const { socket } of streams.splice(0)) socket.terminate();
    await account?.close();
    account = null;
  });

  return {
    get account() {
      return account!;
    },
    start: async (options = {}) => {
      account = await openAccount(quietDay([]), options);
    },
    open: async (path, options = {}) => {
      const stream = await openStream(account!, path, options);
      streams.push(stream);
      return stream;
    },
  };
};
