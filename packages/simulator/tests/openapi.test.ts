import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openAccount, type Answer, type OpenAccount } from './open-account.ts';
import type { Call } from './openapi-calls/call.ts';
import { day } from './openapi-calls/called-day.ts';
import { dataCalls } from './openapi-calls/data-calls.ts';
import { tradingCalls } from './openapi-calls/trading-calls.ts';
import {
  hasSpecifications,
  readSpecifications,
  type Specifications,
} from './openapi-validators.ts';
import type { Endpoint } from './served-endpoints/endpoint.ts';
import { endpointTable, servedEndpoints } from './served-endpoints/served-endpoints.ts';

const nameOf = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`;
const served = (api: Endpoint['api']): Endpoint[] =>
  servedEndpoints.filter((endpoint) => endpoint.api === api && endpoint.why === null);

(hasSpecifications ? describe : describe.skip)("Alpaca's own specifications", () => {
  let specifications: Specifications;
  let account: OpenAccount;

  beforeAll(async () => {
    specifications = readSpecifications();
    account = await openAccount(day);
    await account.step('10:00');
    await account.place({
      order_class: 'bracket',
      take_profit: { limit_price: '104' },
      stop_loss: { stop_price: '98' },
      client_order_id: 'entry',
    });
    await account.step('10:01');
    await account.place({
      symbol: 'OTHR',
      type: 'limit',
      limit_price: '0.4999',
      client_order_id: 'waiting',
    });
    await account.place({
      symbol: 'OTHR',
      type: 'limit',
      limit_price: '0.4888',
      client_order_id: 'second',
    });
    await account.place({
      symbol: 'OTHR',
      side: 'sell',
      qty: '1000',
      type: 'trailing_stop',
      trail_percent: '10',
    });
  });
  afterAll(() => account.close());

  const holds = async (
    endpoint: Endpoint,
    { asked, status = 200, body, except = (whole) => whole }: Call,
  ): Promise<Answer> => {
    const answer = await account.request(endpoint.method.toUpperCase(), asked, body);
    expect([asked, answer.status, answer.status === status ? '' : answer.body]).toEqual([
      asked,
      status,
      '',
    ]);
    expect([
      asked,
      specifications.violations(
        endpoint.api,
        endpoint.method,
        endpoint.path,
        status,
        except(answer.body),
      ),
    ]).toEqual([asked, []]);
    return answer;
  };

  it('have no operation that the table does not name, and the table none that they have not', () => {
    const listed = servedEndpoints.map(({ api, method, path }) => `${api} ${method} ${path}`);
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed.sort()).toEqual(
      specifications.operations.map(({ api, method, path }) => `${api} ${method} ${path}`).sort(),
    );
  });

  it('are held by every answer of the market data API', async () => {
    expect(Object.keys(dataCalls).sort()).toEqual(served('market-data-api').map(nameOf).sort());
    for (const endpoint of served('market-data-api'))
      for (const call of dataCalls[nameOf(endpoint)]!) await holds(endpoint, call);
  });

  it('are held by every answer of the trading API', async () => {
    const idOf = async (clientOrderId: string): Promise<string> =>
      (await account.get(`/v2/orders:by_client_order_id?client_order_id=${clientOrderId}`)).body.id;
    const { body: watchlist } = await account.request('POST', '/v2/watchlists', {
      name: 'first',
      symbols: ['ACME'],
    });
    const { body: announcements } = await account.get(
      '/v2/corporate_actions/announcements?ca_types=dividend&since=2026-03-01&until=2026-03-10',
    );
    const { body: asset } = await account.get('/v2/assets/ACME');
    const calls = tradingCalls({
      entry: await idOf('entry'),
      waiting: await idOf('waiting'),
      second: await idOf('second'),
      asset: asset.id,
      announcement: announcements[0].id,
      watchlist: watchlist.id,
    });
    const endpoints = served('trading-api');
    expect(Object.keys(calls).sort()).toEqual(endpoints.map(nameOf).sort());
    for (const [name, list] of Object.entries(calls))
      for (const call of list)
        await holds(
          endpoints.find((endpoint) => nameOf(endpoint) === name)!,
          call,
        );
    const { body: last } = await account.request('POST', '/v2/watchlists', {
      name: 'to be deleted',
    });
    await holds(
      endpoints.find((endpoint) => nameOf(endpoint) === 'delete /v2/watchlists/{watchlist_id}')!,
      { asked: `/v2/watchlists/${last.id}`, status: 204 },
    );
    for (const { order } of account.updates())
      expect(
        specifications.violations('trading-api', 'get', '/v2/orders/{order_id}', 200, order),
      ).toEqual([]);
  });

  it("are answered with Alpaca's 404 where the table says not served", async () => {
    for (const endpoint of servedEndpoints.filter(({ why }) => why !== null)) {
      const asked = endpoint.path.replaceAll(/\{[^}]*\}/g, 'us');
      const answer = await account.request(
        endpoint.method.toUpperCase(),
        asked,
        endpoint.method === 'post' ? {} : undefined,
      );
      const body =
        endpoint.api === 'trading-api'
          ? { code: 40410000, message: 'endpoint not found.' }
          : { message: 'endpoint not found.' };
      expect([asked, answer.status, answer.body]).toEqual([asked, 404, body]);
    }
  });
});

describe("the README's table of endpoints", () => {
  it('is the table that the answers are held against', () => {
    const file = new URL('../README.md', import.meta.url);
    const readme = readFileSync(file, 'utf8');
    const [start, end] = ['<!-- endpoints -->\n', '\n<!-- /endpoints -->'];
    const before = readme.slice(0, readme.indexOf(start) + start.length);
    const after = readme.slice(readme.indexOf(end));
    if (process.env.UPDATE_README === 'true') writeFileSync(file, before + endpointTable() + after);
    expect(readme.slice(before.length, readme.length - after.length)).toBe(endpointTable());
  });
});
