import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openAccount, type OpenAccount } from './open-account.ts';
import { served, query, segment, jsonBody, isFine } from './odd-requests.ts';
import { flat, OPEN, security, smallDay } from './small-day.ts';

let account: OpenAccount;

beforeAll(async () => {
  account = await openAccount(
    smallDay({
      bars: { ACME: flat(OPEN, 620, 100), OTHR: flat(OPEN, 620, 50) },
      securities: [security('ACME'), security('OTHR')],
      corporate_actions: [
        {
          symbol: 'ACME',
          type: 'cash_dividend',
          ex_date: '2026-03-10',
          new_rate: null,
          old_rate: null,
          cash: '0.5',
        },
      ],
    }),
  );
  await account.step('10:00');
  await account.place({ client_order_id: 'first' });
  await account.step('10:01');
});
afterAll(() => account.close());

describe('whatever is asked of a served endpoint', () => {
  it('is answered, or refused with a status and a message of Alpaca, and never breaks anything', async () => {
    const endpoint = fc.constantFrom(...served);
    const request = fc.record({
      endpoint,
      segments: fc.array(segment, { minLength: 2, maxLength: 2 }),
      query,
      body: jsonBody,
    });
    await fc.assert(
      fc.asyncProperty(
        request,
        async ({ endpoint: { method, path }, segments, query: asked, body }) => {
          let index = 0;
          const target = path.replaceAll(/\{[^}]*\}/g, () => segments[index++] ?? 'x');
          const answer = await account.request(
            method.toUpperCase(),
            `${target}?${asked}`,
            method === 'get' ? undefined : body,
          );
          if (!isFine(answer)) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
        },
      ),
      { numRuns: 600, seed: 7 },
    );
    expect((await account.get('/v2/account')).status).toBe(200);
  });

  it('with a method that it has not is 404', async () => {
    for (const [method, path] of [
      ['PUT', '/v2/account'],
      ['POST', '/v2/clock'],
      ['PATCH', '/v2/orders'],
      ['DELETE', '/v2/stocks/bars'],
      ['POST', '/v1beta1/news'],
    ] as const) {
      expect(await account.request(method, path, {})).toMatchObject({
        status: 404,
        body: { message: 'endpoint not found.' },
      });
    }
  });
});

describe('market data', () => {
  it.each([
    ['/v2/stocks/bars?symbols=ACME&timeframe=1Min&since=1', 'unexpected query parameter(s): since'],
    ['/v2/stocks/bars?symbols=ACME&timeframe=1Min&feed=nyse', 'invalid feed: nyse'],
    ['/v2/stocks/bars?symbols=ACME&timeframe=1Min&currency=EUR', 'invalid currency: EUR'],
    ['/v2/stocks/bars?symbols=ACME&timeframe=1Min&asof=never', 'invalid asof: never'],
    ['/v2/stocks/bars?symbols=ACME&timeframe=1Min&page_token=abc', 'invalid page_token: abc'],
    [
      '/v2/stocks/bars?symbols=ACME&symbols=OTHR&timeframe=1Min&timeframe=5Min',
      'invalid timeframe: 1Min,5Min',
    ],
    ['/v2/stocks/bars?symbols=ACME&timeframe=5Month', 'invalid timeframe: 5Month'],
    [
      '/v2/stocks/bars?symbols=ACME&timeframe=1Day&adjustment=split,merger',
      'invalid adjustment: merger',
    ],
    ['/v2/stocks/auctions?symbols=ACME&feed=iex', 'invalid feed: iex'],
    ['/v2/stocks/meta/conditions/trade?tape=D', 'invalid tape: D'],
    ['/v2/stocks/meta/conditions/trade', 'tape is required'],
    ['/v1beta1/screener/crypto/movers', 'invalid market type: crypto'],
    ['/v1beta1/screener/stocks/movers?top=51', 'invalid top: 51; it must be between 1 and 50'],
    ['/v3/calendar/LSE', 'invalid market: LSE; this calendar is of NYSE, NASDAQ and IEX'],
    ['/v2/calendar?start=2026-13-01', 'invalid start: 2026-13-01'],
  ])('refuses %s: %s', async (asked, message) => {
    expect(await account.get(asked)).toMatchObject({ status: 400, body: { message } });
  });

  it('of a symbol that is not listed is empty in lists and 404 alone', async () => {
    expect((await account.get('/v2/stocks/bars?symbols=GONE&timeframe=1Min')).body).toEqual({
      bars: {},
      next_page_token: null,
    });
    expect((await account.get('/v2/stocks/GONE/bars?timeframe=1Min')).body).toEqual({
      symbol: 'GONE',
      bars: [],
      next_page_token: null,
    });
    expect(await account.get('/v2/stocks/GONE/trades/latest')).toMatchObject({
      status: 404,
      body: { message: 'no trade found for GONE' },
    });
  });
});

describe('the trading API', () => {
  it.each([
    ['GET', '/v2/orders?status=some', 422, 40010001],
    ['GET', '/v2/orders?limit=501', 422, 40010001],
    ['GET', '/v2/orders?limit=NaN', 422, 40010001],
    ['GET', '/v2/orders/not-an-id', 422, 40010001],
    ['GET', '/v2/orders/00000000-0000-4000-8000-000000000000', 404, 40410000],
    ['GET', '/v2/account/activities?activity_types=PARTY', 422, 40010001],
    ['GET', '/v2/account/activities?activity_types=FILL&category=trade_activity', 422, 40010001],
    ['GET', '/v2/account/portfolio/history?period=3X', 422, 40010001],
    ['GET', '/v2/account/portfolio/history?period=1A&timeframe=1Min', 422, 40010001],
    ['DELETE', '/v2/positions/ACME?qty=1&percentage=1', 422, 40010001],
    ['DELETE', '/v2/positions/ACME?percentage=101', 422, 40010001],
    ['DELETE', '/v2/positions/GONE', 404, 40410000],
    ['GET', '/v2/assets/GONE', 404, 40410000],
    ['GET', '/v2/watchlists:by_name?name=none', 404, 40410000],
  ])('refuses %s %s with %i and %i', async (method, asked, status, code) => {
    expect(await account.request(method, asked)).toMatchObject({ status, body: { code } });
  });

  it('keeps names of watchlists unique for each account and refuses assets it does not know', async () => {
    const create = (body: unknown) => account.request('POST', '/v2/watchlists', body);
    expect((await create({ name: 'once', symbols: [] })).status).toBe(200);
    expect(await create({ name: 'once', symbols: [] })).toMatchObject({
      status: 422,
      body: { code: 40010001, message: 'watchlist name must be unique' },
    });
    expect(await create({ name: 'other', symbols: ['GONE'] })).toMatchObject({
      status: 422,
      body: { code: 42210000 },
    });
    expect(await create({ symbols: [] })).toMatchObject({ status: 422 });
  });
});

describe('a body', () => {
  const post = (body: string) => account.request('POST', '/v2/orders', body);

  it.each([
    ['half of it', '{"symbol":'],
    ['not a number', '{"qty": NaN}'],
    ['not JSON at all', '<xml/>'],
    ['an array', '[]'],
    ['nested a thousand times', `${'['.repeat(1_000)}${']'.repeat(1_000)}`],
    ['nested fifty thousand times', '{"a":'.repeat(10_000)],
  ])('that is %s is 400', async (_name, body) => {
    expect(await post(body)).toMatchObject({
      status: 400,
      body: { code: 40010000, message: 'request body format is invalid' },
    });
  });

  it('beyond 100 KB is 413, and the ledger keeps 16 KB of one below', async () => {
    expect((await post(JSON.stringify({ symbol: 'x'.repeat(200_000) }))).status).toBe(413);
    expect((await post(JSON.stringify({ symbol: 'y'.repeat(90_000) }))).status).toBe(422);
    const kept = account.simulator.simulation.ledger
      .after(0)
      .map((row) => JSON.stringify(row).length);
    expect(Math.max(...kept)).toBeLessThan(40_000);
  });
});

describe('keys', () => {
  const key = () => account.simulator.accounts[0]!;
  const ask = (path: string, headers: Record<string, string>) =>
    fetch(account.simulator.url + path, { headers });

  it('that are missing or wrong are 401: a page of the proxy, and JSON where the trading API itself refuses them', async () => {
    const wrong = { 'APCA-API-KEY-ID': key().key_id, 'APCA-API-SECRET-KEY': 'wrong' };
    const trading = await ask('/v2/account', wrong);
    expect([trading.status, await trading.json()]).toEqual([401, { message: 'unauthorized.' }]);
    const unheard = [
      {},
      { 'APCA-API-KEY-ID': key().key_id },
      { Authorization: 'Bearer token' },
    ].map((headers) => ['/v2/account', headers] as const);
    for (const [path, headers] of [
      ...unheard,
      ...[{}, wrong].map((headers) => ['/v2/stocks/meta/exchanges', headers] as const),
    ]) {
      const answer = await ask(path, headers as Record<string, string>);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        401,
        'text/html; charset=utf-8',
      ]);
      expect(await answer.text()).toContain('401 Authorization Required');
    }
  });

  it('are taken as basic authentication by market data only', async () => {
    const Authorization = `Basic ${Buffer.from(`${key().key_id}:${key().secret_key}`).toString('base64')}`;
    expect((await ask('/v2/stocks/meta/exchanges', { Authorization })).status).toBe(200);
    expect((await ask('/v2/account', { Authorization })).status).toBe(401);
  });
});

describe('a path that cannot be decoded, and bytes that are no HTTP,', () => {
  it('are 400 and leave the server standing', async () => {
    expect((await account.get('/v2/orders/%E0%A4%A')).status).toBe(400);
    const { hostname, port } = new URL(account.simulator.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () =>
        socket.write('\u0000\u0001 garbage\r\n\r\n'),
      );
      let received = '';
      socket.on('data', (chunk) => (received += String(chunk)));
      socket.on('close', () => resolve(received));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
    expect((await account.get('/v2/clock')).status).toBe(200);
  });
});

describe('a flood', () => {
  it('is refused beyond the limit, in the words of each API, with the headers of the minute', async () => {
    const limited = await openAccount(smallDay({ bars: { ACME: [] } }), { rate_limit: 5 });
    try {
      const paths = Array.from({ length: 40 }, (_, index) =>
        index % 2 === 0 ? '/v2/clock' : '/v2/stocks/meta/exchanges',
      );
      const answers = await Promise.all(paths.map((path) => limited.get(path)));
      // five of trading and five of market data, as Alpaca's two hosts count apart
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
      const refused = answers
        .map(({ status, body, headers }, index) => ({ status, body, headers, path: paths[index] }))
        .filter(({ status }) => status === 429);
      expect(refused).toHaveLength(30);
      for (const { body, headers, path } of refused) {
        expect(body).toEqual(
          path === '/v2/clock'
            ? { code: 42910000, message: 'rate limit exceeded' }
            : { message: 'too many requests.' },
        );
        expect([
          headers.get('x-ratelimit-limit'),
          headers.get('x-ratelimit-remaining'),
          headers.get('retry-after'),
        ]).toEqual(['5', '0', null]);
        expect(Number(headers.get('x-ratelimit-reset')) * 1_000).toBe(
          limited.simulator.simulation.now() + 60_000,
        );
      }
      expect(answers.every(({ headers }) => headers.has('x-request-id'))).toBe(true);
    } finally {
      await limited.close();
    }
  });
});
