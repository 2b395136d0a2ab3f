import { Alpaca, streaming, type AlpacaClientOptions } from '@alpacahq/alpaca-trade-api';
import { openAccount, type OpenAccount } from './open-account.ts';
import { bar, flat, OPEN, security, smallDay } from './small-day.ts';

type FetchApi = NonNullable<AlpacaClientOptions['fetchApi']>;

/** A running simulator and Alpaca's own client on it. */
export interface SdkClient {
  account: OpenAccount;
  alpaca: Alpaca;
  /** A trading stream that the caller connects; it is ended with the client. */
  tradingStream(): streaming.TradingStream;
  close(): Promise<void>;
}

/** A call of one method; the clock stands at 10:00 with a position of 100 ACME, bought at 100. */
export type SdkCall = (client: SdkClient) => Promise<void>;

const article = (id: number, createdAt: string, symbols: string[]) => ({
  id,
  created_at: createdAt,
  updated_at: createdAt,
  headline: `Story ${id}`,
  summary: 's',
  content: 'long',
  author: 'a',
  source: 'northwire',
  url: `https://news.example/${id}`,
  symbols,
});

/** Two stocks, one of which rises at 10:03; three articles; a dividend and two splits. */
const sdkDay = () =>
  smallDay({
    bars: {
      ACME: [...flat(OPEN, 603, 100), bar(603, 100, 105, 100, 104), ...flat(604, 660, 104)],
      OTHR: [...flat(OPEN, 600, 50), ...flat(600, 660, 48)],
    },
    securities: [security('ACME'), security('OTHR', { exchange: 'NYSE' })],
    news: [
      article(1, '2026-03-10T12:00:00Z', ['ACME']),
      article(2, '2026-03-10T12:30:00Z', ['OTHR']),
      article(3, '2026-03-10T13:00:00Z', ['ACME', 'OTHR']),
    ],
    corporate_actions: [
      {
        symbol: 'ACME',
        type: 'cash_dividend',
        ex_date: '2026-03-10',
        new_rate: null,
        old_rate: null,
        cash: '0.5',
      },
      {
        symbol: 'OTHR',
        type: 'reverse_split',
        ex_date: '2026-03-09',
        new_rate: '1',
        old_rate: '10',
        cash: null,
      },
      {
        symbol: 'ACME',
        type: 'forward_split',
        ex_date: '2026-02-09',
        new_rate: '2',
        old_rate: '1',
        cash: null,
      },
    ],
  });

/** The client has no base URL: its requests keep their path and go to the simulator's origin. */
export const openSdkClient = async (): Promise<SdkClient> => {
  const account = await openAccount(sdkDay());
  const { url, stream_url: streamUrl, accounts } = account.simulator;
  const credentials = { keyId: accounts[0]!.key_id, secret: accounts[0]!.secret_key };
  const fetchApi: FetchApi = (input, init) => {
    const asked = new URL(String(input));
    return fetch(url + asked.pathname + asked.search, init);
  };
  const streams: streaming.TradingStream[] = [];
  return {
    account,
    alpaca: new Alpaca({ ...credentials, paper: true, fetchApi, rateLimit: false }),
    tradingStream: () => {
      const stream = new streaming.TradingStream({
        credentials,
        url: streamUrl,
        pingIntervalMs: 0,
        reconnectJitter: 0,
      });
      streams.push(stream);
      return stream;
    },
    close: async () => {
      for (const stream of streams) stream.disconnect();
      await account.close();
    },
  };
};

const isMethod = (value: unknown): value is (...args: never[]) => unknown =>
  typeof value === 'function';

const methodsOf = (target: object): string[] => {
  const names = new Set<string>();
  for (
    let level: unknown = Object.getPrototypeOf(target);
    level !== null && level !== Object.prototype;
    level = Object.getPrototypeOf(level)
  ) {
    const prototype = level as Record<string, unknown> & { constructor: { name: string } };
    // What every generated API inherits is plumbing: request, middleware, clone.
    if (prototype.constructor.name.endsWith('BaseAPI')) break;
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype)))
      if (name !== 'constructor' && isMethod(value)) names.add(name);
  }
  return [...names];
};

/**
 * Every method that the client offers: "trading.orders.postOrder", "marketData.getStockBars". Each
 * generated method's `…Raw` sibling, which it calls itself, is left out.
 */
export const listSdkMethods = (alpaca: Alpaca): string[] => {
  const groups = { trading: alpaca.trading, marketData: alpaca.marketData } as unknown as Record<
    string,
    Record<string, unknown>
  >;
  return Object.entries(groups).flatMap(([group, client]) => {
    const getters = Object.entries(
      Object.getOwnPropertyDescriptors(Object.getPrototypeOf(client) as object),
    )
      .filter(([, { get }]) => get !== undefined)
      .map(([name]) => name);
    const ofApis = getters.flatMap((name) =>
      methodsOf(client[name] as object)
        .filter((method) => !method.endsWith('Raw'))
        .map((method) => `${group}.${name}.${method}`),
    );
    return [...ofApis, ...methodsOf(client).map((method) => `${group}.${method}`)];
  });
};

/** Everything that an iterator of pages gives. */
export const readAll = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};
