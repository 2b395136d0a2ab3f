import { afterEach, expect } from '@jest/globals';
import { openAccount, type OpenAccount } from '../../open-account.ts';
import { bar, quietDay } from '../../small-day.ts';
import { openStream, type OpenStream } from '../../streams/open-stream.ts';

/** A simulator for each test, and what the tape says of its day: told on a stream, and in history. */
export interface FollowedTape {
  readonly account: OpenAccount;
  start(...args: Parameters<typeof openAccount>): Promise<OpenAccount>;
  /** What is to be ended after the test. */
  readonly stops: (() => void)[];
  follow(path?: string, channels?: Record<string, string[]>): Promise<OpenStream>;
  /** Starts a day with one bar that moves, at 10:05, and adds a fault of the tape. */
  open(what: object, when?: object): Promise<OpenStream>;
  /** To a minute and second of the hour after 10:00. */
  step(stream: OpenStream, to: string): Promise<void>;
  /** The trades of 10:05 in history. */
  trades(): Promise<Record<string, unknown>[]>;
  /** The bar of 10:05 in history. */
  minuteBar(): Promise<Record<string, unknown>>;
}

/** A time of the tape within a millisecond of the day. */
export const within = (millisecond: string) =>
  expect.stringMatching(new RegExp(`^2026-03-10T${millisecond}\\d+Z$`));

/** The messages of some kinds that came on a stream. */
export const told = (stream: OpenStream, ...kinds: string[]) =>
  stream.messages().filter(({ T }) => kinds.includes(T));

const CHANNELS = { trades: ['*'], bars: ['*'], updatedBars: ['*'], dailyBars: ['*'] };

/** Ends after each test what it has started. */
export const testTape = (): FollowedTape => {
  let account: OpenAccount;
  const stops: (() => void)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) stop();
    await account.close();
  });

  const start: FollowedTape['start'] = async (...args) => (account = await openAccount(...args));
  const follow = async (
    path = '/v2/sip',
    channels: Record<string, string[]> = CHANNELS,
  ): Promise<OpenStream> => {
    const stream = await openStream(account, path);
    stops.push(() => stream.socket.terminate());
    await stream.authenticate();
    await stream.subscribe(channels);
    return stream;
  };
  const open = async (what: object, when: object = { from: '10:05' }): Promise<OpenStream> => {
    await start(quietDay([bar(605, 100, 103, 99, 102, 12_000)]), { at: '10:04' });
    const stream = await follow();
    expect(
      (await account.request('POST', '/sim/faults', { where: { market: 'ACME' }, when, what }, {}))
        .status,
    ).toBe(201);
    return stream;
  };
  const step = (stream: OpenStream, to: string) =>
    account
      .request('POST', '/sim/step', { to: `2026-03-10T14:${to}Z` })
      .then(() => stream.settled());
  const trades = async () =>
    (
      await account.get(
        '/v2/stocks/ACME/trades?start=2026-03-10T14:05:00Z&end=2026-03-10T14:06:00Z',
      )
    ).body.trades as Record<string, unknown>[];
  const minuteBar = async () =>
    (
      await account.get(
        '/v2/stocks/ACME/bars?timeframe=1Min&start=2026-03-10T14:05:00Z&end=2026-03-10T14:05:00Z',
      )
    ).body.bars[0];

  return {
    get account() {
      return account;
    },
    start,
    stops,
    follow,
    open,
    step,
    trades,
    minuteBar,
  };
};
