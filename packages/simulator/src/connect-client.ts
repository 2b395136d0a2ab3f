import { STREAM_PATHS } from './stream/serve-streams.ts';
import type { SdkOptions } from './sdk-options.ts';

interface StreamOptions {
  url?: string;
  feed?: unknown;
  loc?: unknown;
}

/** Where each stream factory of the client goes, by the part of the client that has it. */
const FACTORIES: Record<string, Record<string, (options: StreamOptions) => string>> = {
  trading: { stream: () => STREAM_PATHS.trade_updates },
  marketData: {
    stockStream: ({ feed = 'iex' }) => `/v2/${String(feed)}`,
    newsStream: () => STREAM_PATHS.news,
    cryptoStream: ({ loc = 'us' }) => `/v1beta3/crypto/${String(loc)}`,
    optionStream: ({ feed = 'indicative' }) => `/v1beta1/${String(feed)}`,
  },
};

/** A client that names an address of Alpaca's means its path. */
const pathAsked = (pathOf: (options: StreamOptions) => string, asked: StreamOptions): string =>
  asked.url === undefined ? pathOf(asked) : new URL(asked.url).pathname;

type Factory = (options: StreamOptions) => unknown;

/**
 * A client whose streams, like its requests, reach nothing but the simulator: the client has Alpaca's
 * hosts in its stream factories, and `submitAndWait` opens one of its own.
 */
export const connectClient = <Client extends object>(
  Alpaca: new (options: SdkOptions) => Client,
  options: SdkOptions,
  socketUrl: string,
): Client => {
  const client = new Alpaca(options);
  for (const [name, factories] of Object.entries(FACTORIES)) {
    const part = (client as Record<string, unknown>)[name];
    for (const [method, pathOf] of Object.entries(factories)) {
      const original = (part as Record<string, unknown> | undefined)?.[method];
      if (typeof original !== 'function')
        throw new TypeError(
          `connect: expected the Alpaca of @alpacahq/alpaca-trade-api 4, this one has no ${name}.${method}`,
        );
      const factory: Factory = (asked = {}) =>
        (original as Factory).call(part, { ...asked, url: socketUrl + pathAsked(pathOf, asked) });
      Object.defineProperty(part, method, { value: factory });
    }
  }
  return client;
};
