import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Alpaca } from '@alpacahq/alpaca-trade-api';
import { listSdkMethods, openSdkClient, type SdkClient } from './alpaca-sdk-client.ts';
import { accountCalls } from './alpaca-sdk-calls/account-calls.ts';
import { dataCalls } from './alpaca-sdk-calls/data-calls.ts';
import { orderCalls } from './alpaca-sdk-calls/order-calls.ts';
import { watchlistCalls } from './alpaca-sdk-calls/watchlist-calls.ts';

/**
 * Methods of the client that ask for what the simulator does not serve, with the reason that the
 * README's table gives.
 */
const NOT_APPLICABLE: readonly (readonly [RegExp, string])[] = [
  [/^trading\.(cryptoFunding|tokenization)\./, 'crypto, its wallets and tokens'],
  [/^trading\.events\./, 'server-sent events of activities'],
  [/^trading\.locates\./, 'locates'],
  [/^trading\.(assets|positions)\.(getOption|option)/, 'options'],
  [/^trading\.(iterate|collect)OptionsContracts$/, 'options'],
  [/^marketData\.(crypto|cryptoPerpetualFutures)\./, 'crypto and its futures'],
  [
    /^marketData\.(options|fixedIncome|forex|indices|logos)\./,
    'options, fixed income, foreign exchange, indices, logos',
  ],
  [
    /^marketData\.(get|iterate|collect)(Crypto|Option|Index|Forex)/,
    'crypto, options, indices, foreign exchange',
  ],
  [/^marketData\.(crypto|option)Stream$/, 'crypto and options'],
  [
    /^(trading\.stream|marketData\.(stockStream|newsStream))$/,
    'opens a stream; what is streamed is tested in tests/streams',
  ],
];

const calls = { ...accountCalls, ...orderCalls, ...watchlistCalls, ...dataCalls };
let client: SdkClient;

describe("each method of Alpaca's own client", () => {
  it('is tested here or has a reason not to be', () => {
    const methods = listSdkMethods(new Alpaca({ keyId: 'a', secret: 'b' }));
    expect(methods.length).toBeGreaterThan(150);
    expect(
      methods.filter(
        (name) => !(name in calls) && !NOT_APPLICABLE.some(([pattern]) => pattern.test(name)),
      ),
    ).toEqual([]);
    expect(Object.keys(calls).filter((name) => !methods.includes(name))).toEqual([]);
    expect(
      Object.keys(calls).filter((name) => NOT_APPLICABLE.some(([pattern]) => pattern.test(name))),
    ).toEqual([]);
  });
});

describe("Alpaca's own client, with only the address changed,", () => {
  beforeEach(async () => {
    client = await openSdkClient();
    await client.account.step('09:58');
    await client.account.place({ client_order_id: 'opening' });
    await client.account.step('10:00');
  });
  afterEach(() => client.close());

  it.each(Object.entries(calls))('does what it should by %s', async (_name, call) => {
    await call(client);
  });

  it('is told of wrong keys', async () => {
    const stranger = new Alpaca({
      keyId: 'PKWRONG',
      secret: 'wrong',
      rateLimit: false,
      retry: false,
      fetchApi: (input, init) =>
        fetch(client.account.simulator.url + new URL(String(input)).pathname, init),
    });
    expect(await stranger.trading.validateConnection()).toMatchObject({
      ok: false,
      status: 401,
      message: expect.stringContaining('unauthorized.'),
    });
    await expect(stranger.marketData.stocks.stockMetaExchanges()).rejects.toMatchObject({
      status: 401,
    });
  });
});
