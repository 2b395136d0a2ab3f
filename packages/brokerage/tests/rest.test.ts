import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OrderRequest } from '@catalyst/domain';
import { createLog, systemClock } from '@catalyst/runtime';
import { eventually } from '@catalyst/testkit';
import { createBrokerage, forPurpose, type Brokerage } from '../src/index.ts';
import { startAnswering, type AnsweringServer } from './answering-server.ts';
import { account, bracket, fillActivity } from './recorded-payloads.ts';

let vendor: AnsweringServer;
let brokerage: Brokerage;
const SECRET = 'a-very-secret-key';

const askWithin = (timeout_ms: number): Brokerage =>
  createBrokerage({
    config: {
      ALPACA_API_KEY: 'PKTEST',
      ALPACA_SECRET_KEY: SECRET,
      ALPACA_TRADING_URL: vendor.url,
      ALPACA_DATA_URL: vendor.url,
      ALPACA_STREAM_URL: 'ws://127.0.0.1:9/stream',
      ALPACA_DATA_FEED: 'iex',
    },
    log: createLog('test', 'error'),
    clock: systemClock,
    mode: 'paper',
    timeout_ms,
  });
beforeEach(async () => {
  vendor = await startAnswering();
  brokerage = askWithin(30_000);
});
afterEach(() => vendor.close());

const request: OrderRequest = {
  client_order_id: 'cat-1',
  symbol: 'AAPL',
  side: 'buy',
  type: 'limit',
  order_class: 'bracket',
  time_in_force: 'day',
  qty: '10',
  limit_price: '200.1',
  take_profit: { limit_price: '210.5' },
  stop_loss: { stop_price: '195.5' },
};

describe('an order to the broker', () => {
  it("goes out as Alpaca reads it, with both legs and the desk's own id", async () => {
    vendor.answer('POST /v2/orders', { body: bracket });
    const outcome = await brokerage.orders.submitOrder(request);
    expect(vendor.seen[0]).toMatchObject({
      headers: { 'apca-api-key-id': 'PKTEST', 'apca-api-secret-key': SECRET },
      body: {
        client_order_id: 'cat-1',
        symbol: 'AAPL',
        side: 'buy',
        type: 'limit',
        order_class: 'bracket',
        time_in_force: 'day',
        qty: '10',
        limit_price: '200.1',
        take_profit: { limit_price: '210.5' },
        stop_loss: { stop_price: '195.5' },
      },
    });
    expect(outcome).toMatchObject({
      outcome: 'accepted',
      order: {
        id: bracket.id,
        limit_price: '200.1',
        created_at: '2026-03-10T14:02:00.123Z',
        legs: [{ status: 'held' }, { stop_price: '195.5' }],
      },
    });
  });
  it("is refused with the broker's code and words, and is not sent again", async () => {
    vendor.answer('POST /v2/orders', {
      status: 403,
      body: { code: 40310000, message: 'insufficient buying power' },
    });
    expect(await brokerage.orders.submitOrder(request)).toEqual({
      outcome: 'refused',
      why: 'other',
      code: '40310000',
      message: 'insufficient buying power',
    });
    expect(vendor.seen).toHaveLength(1);
  });
  it.each([
    ['day_orders_only', 'only day orders are allowed for hard-to-borrow asset "ACME"'],
    [
      'halted',
      'market order rejected due to trading halt on symbol: "ACME", please place a limit order instead',
    ],
    ['other', 'asset "ACME" cannot be sold short'],
  ])('is refused as %s where the broker says so', async (why, message) => {
    vendor.answer('POST /v2/orders', { status: 422, body: { code: 42210000, message } });
    expect(await brokerage.orders.submitOrder(request)).toEqual({
      outcome: 'refused',
      why,
      code: '42210000',
      message,
    });
  });
  it('that is already there under its id is found, not doubled', async () => {
    vendor.answer('POST /v2/orders', {
      status: 422,
      body: { code: 40010001, message: 'client_order_id must be unique' },
    });
    vendor.answer('GET /v2/orders:by_client_order_id', { body: bracket });
    expect(await brokerage.orders.submitOrder(request)).toMatchObject({
      outcome: 'accepted',
      order: { id: bracket.id },
    });
  });
  it.each([
    ['times out', 1500, (response: { destroyed: boolean }) => void response],
    ['loses its connection', 30_000, (response: { destroy(): void }) => response.destroy()],
  ] as const)('whose answer %s is looked up by its id and found', async (_name, within_ms, act) => {
    vendor.answer('POST /v2/orders', act as never);
    vendor.answer('GET /v2/orders:by_client_order_id', { body: bracket });
    expect(await askWithin(within_ms).orders.submitOrder(request)).toMatchObject({
      outcome: 'accepted',
      order: { client_order_id: 'cat-1' },
    });
    expect(vendor.seen.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
  it.each([429, 500, 503])(
    'answered with %d and not found is neither accepted nor refused',
    async (status) => {
      vendor.answer('POST /v2/orders', { status, body: { message: 'no' } });
      expect(await brokerage.orders.submitOrder(request)).toMatchObject({
        outcome: 'unknown',
        cause: { code: status === 429 ? 'TOO_MANY_REQUESTS' : 'VENDOR_UNAVAILABLE' },
      });
      expect(vendor.seen.map(({ method }) => method)).toEqual(['POST', 'GET']);
    },
  );
  it('answered with garbage is looked up, since the broker may have it', async () => {
    vendor.answer('POST /v2/orders', { text: '<html>' });
    vendor.answer('GET /v2/orders:by_client_order_id', { body: bracket });
    expect(await brokerage.orders.submitOrder(request)).toMatchObject({ outcome: 'accepted' });
  });
  it('is canceled once; one that has ended, or is not there, says so', async () => {
    vendor.answer(
      `DELETE /v2/orders/${bracket.id}`,
      { status: 204, text: '' },
      { status: 422, body: { code: 42210000, message: 'order is already in "filled" state' } },
      { status: 404, body: { code: 40410000, message: 'order not found' } },
      { status: 500, body: {} },
    );
    const outcomes = [];
    for (let time = 0; time < 4; time += 1)
      outcomes.push((await brokerage.orders.cancelOrder(bracket.id)).outcome);
    expect(outcomes).toEqual(['requested', 'not_open', 'not_found', 'unknown']);
  });
});

describe('a read of the broker', () => {
  it('gives money as canonical decimal text', async () => {
    vendor.answer('GET /v2/account', { body: account });
    expect(await brokerage.account.getAccount()).toEqual({
      account_number: 'PA3ABCDEFGHI',
      status: 'ACTIVE',
      equity: '100000',
      last_equity: '100500.25',
      cash: '100000',
      buying_power: '199999.4',
      maintenance_margin: '0',
      account_blocked: false,
      trading_blocked: false,
      trade_suspended_by_user: false,
      shorting_enabled: true,
    });
  });
  it('is tried again after a fault that passes', async () => {
    vendor.answer(
      'GET /v2/account',
      { status: 500, body: {} },
      { status: 429, body: {} },
      { body: account },
    );
    expect(await brokerage.account.getAccount()).toMatchObject({ equity: '100000' });
  });
  it('waits for the end of the minute that the vendor names after a 429, and an exit does not', async () => {
    const reset = Math.ceil(Date.now() / 1000) + 2;
    vendor.answer(
      'GET /v2/account',
      (response) =>
        void response
          .writeHead(429, { 'X-RateLimit-Reset': String(reset) })
          .end('{"message":"too many requests."}'),
      { body: account },
    );
    vendor.answer(`DELETE /v2/orders/${bracket.id}`, { status: 204, text: '' });
    const waiting = brokerage.account.getAccount();
    await eventually(() => expect(vendor.seen).toHaveLength(1));
    await forPurpose('exit', () => brokerage.orders.cancelOrder(bracket.id));
    expect(vendor.seen.map(({ method }) => method)).toEqual(['GET', 'DELETE']);
    expect(Date.now()).toBeLessThan(reset * 1000);
    await waiting;
    expect(Date.now()).toBeGreaterThanOrEqual(reset * 1000);
  });
  it.each([
    ['a field of another type', { body: { ...account, equity: 'lots' } }, 'equity'],
    ['a field that is missing', { body: { ...account, cash: undefined } }, 'cash'],
    ['text that is not JSON', { text: '<html>gateway</html>' }, 'answer'],
    ['nothing', { body: null }, 'answer'],
  ])('that brings %s fails and names it', async (_what, answer, field) => {
    vendor.answer('GET /v2/account', answer);
    await expect(brokerage.account.getAccount()).rejects.toMatchObject({
      code: 'VENDOR_ANSWERED_GARBAGE',
      details: { field },
    });
  });
  it('follows the pages of fills to their end, with execution ids as the stream has them', async () => {
    vendor.answer(
      'GET /v2/account/activities/FILL',
      { body: Array.from({ length: 100 }, (_, n) => fillActivity(n)) },
      { body: [fillActivity(100)] },
    );
    const fills = await brokerage.account.listFills({ after: '2026-03-10T08:00:00.000Z' });
    expect(fills).toHaveLength(101);
    expect(fills.at(-1)).toMatchObject({ execution_id: 'exec-100', side: 'sell', price: '200.05' });
    expect(vendor.seen[1]?.query.get('page_token')).toBe(fillActivity(99).id);
  });
  it('joins the pages of bars by symbol', async () => {
    const bar = (t: string) => ({ t, o: 1, h: 2, l: 0.5, c: 1.5, v: 100, n: 3, vw: 1.2 });
    vendor.answer(
      'GET /v2/stocks/bars',
      { body: { bars: { AAPL: [bar('2026-03-10T13:30:00Z')] }, next_page_token: 'more' } },
      {
        body: {
          bars: { AAPL: [bar('2026-03-10T13:31:00Z')], MSFT: [bar('2026-03-10T13:31:00Z')] },
          next_page_token: null,
        },
      },
    );
    const bars = await brokerage.market_data.bars({
      symbols: ['AAPL', 'MSFT'],
      timeframe: '1min',
      start: '2026-03-10T13:30:00.000Z',
      end: '2026-03-10T13:31:00.000Z',
    });
    expect([...bars].map(([symbol, found]) => [symbol, found.length])).toEqual([
      ['AAPL', 2],
      ['MSFT', 1],
    ]);
    expect(vendor.seen[1]?.query.get('page_token')).toBe('more');
    expect(Object.fromEntries(vendor.seen[0]!.query)).toMatchObject({
      symbols: 'AAPL,MSFT',
      timeframe: '1Min',
      adjustment: 'raw',
      feed: 'iex',
    });
  });
  it('never shows the keys in its errors', async () => {
    vendor.answer('GET /v2/account', {
      status: 403,
      body: { code: 40310000, message: 'forbidden.' },
    });
    const error = (await brokerage.account
      .getAccount()
      .catch((thrown: unknown) => thrown)) as Error & { details: unknown };
    expect(error).toMatchObject({ code: 'VENDOR_REFUSED_KEYS', retryable: false });
    expect(
      JSON.stringify([error.message, error.details, error.stack, String(error.cause)]),
    ).not.toContain(SECRET);
  });
});

describe('news from the vendor', () => {
  it('goes on past an article that cannot be read', async () => {
    const article = {
      id: 1,
      headline: 'Acme wins',
      summary: '',
      content: '',
      author: 'A',
      source: 'benzinga',
      url: '',
      symbols: ['ACME'],
      created_at: '2026-03-10T12:00:00Z',
      updated_at: '2026-03-10T12:00:00Z',
      images: [],
    };
    vendor.answer('GET /v1beta1/news', {
      body: {
        news: [{ ...article, id: 'not a number' }, null, { ...article, id: 2 }],
        next_page_token: null,
      },
    });
    const found = await brokerage.market_data.news({
      start: '2026-03-10T00:00:00Z',
      end: '2026-03-10T13:00:00Z',
    });
    expect(found.map(({ id }) => id)).toEqual([2]);
  });
});
