import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Alpaca, streaming, trading, type AlpacaClientOptions } from '@alpacahq/alpaca-trade-api';
import { openAccount, type OpenAccount } from './open-account.ts';
import { bar, quietDay } from './small-day.ts';

type FetchApi = NonNullable<AlpacaClientOptions['fetchApi']>;

let account: OpenAccount;
let alpaca: Alpaca;
let stream: streaming.TradingStream;

/**
 * The client of Alpaca's own making, which has no base URL: its requests keep their path and go to
 * the simulator's origin.
 */
beforeEach(async () => {
  account = await openAccount(
    quietDay([bar(603, 100, 105, 100, 104)], {
      news: [
        {
          id: 9,
          created_at: '2026-03-10T13:00:00Z',
          updated_at: '2026-03-10T13:00:00Z',
          headline: 'Acme wins',
          summary: 's',
          content: 'long',
          author: 'a',
          source: 'northwire',
          url: 'https://news.example/9',
          symbols: ['ACME'],
        },
      ],
    }),
  );
  const { url, stream_url: streamUrl, accounts } = account.simulator;
  const credentials = { keyId: accounts[0]!.key_id, secret: accounts[0]!.secret_key };
  const fetchApi: FetchApi = (input, init) => {
    const asked = new URL(String(input));
    return fetch(url + asked.pathname + asked.search, init);
  };
  alpaca = new Alpaca({ ...credentials, paper: true, fetchApi, rateLimit: false });
  stream = new streaming.TradingStream({
    credentials,
    url: streamUrl,
    pingIntervalMs: 0,
    reconnectJitter: 0,
  });
});
afterEach(async () => {
  stream.disconnect();
  await account.close();
});

describe("Alpaca's own client", () => {
  it('places a bracket, follows it to its target by the stream and reads the fills back', async () => {
    const updates: {
      event: string;
      seq: unknown;
      price: string | undefined;
      status: string | undefined;
    }[] = [];
    stream.onTradeUpdate((update) =>
      updates.push({
        event: update.event,
        seq: (update as unknown as { seq: number }).seq,
        price: update.price,
        status: update.order.status,
      }),
    );
    stream.subscribeTradeUpdates();
    const listening = new Promise((resolve) => stream.on('subscription', resolve));
    stream.connect();
    await listening;

    await account.step('10:00');
    const order = await alpaca.trading.orders.bracket({
      symbol: 'ACME',
      qty: 100,
      side: 'buy',
      timeInForce: 'day',
      takeProfit: { limitPrice: '104' },
      stopLoss: { stopPrice: '98' },
      clientOrderId: 'from-the-sdk',
    });
    expect(order).toMatchObject({
      clientOrderId: 'from-the-sdk',
      orderClass: 'bracket',
      legs: [{ status: 'held' }, { status: 'held' }],
    });
    const { body } = await account.step('10:04');
    while (updates.length < body.seq) await new Promise((resolve) => setImmediate(resolve));
    expect(updates.map(({ seq }) => seq)).toEqual(
      Array.from({ length: body.seq }, (_, index) => index + 1),
    );
    expect(updates.map(({ event }) => event)).toEqual([
      'pending_new',
      'new',
      'held',
      'held',
      'fill',
      'new',
      'fill',
      'canceled',
    ]);
    expect(updates.find(({ event }) => event === 'fill')).toMatchObject({
      status: 'filled',
      price: '100',
    });

    const found = await alpaca.trading.orders.getOrderByOrderID({
      orderId: order.id!,
      nested: true,
    });
    expect(found.legs?.map(({ status }) => status)).toEqual(['filled', 'canceled']);
    const activities = await alpaca.trading.accountActivities.getAccountActivities({
      activityTypes: [trading.ActivityType.Fill],
    });
    expect(activities).toHaveLength(2);
    const cash = (await alpaca.trading.account.getAccount()).cash;
    expect(cash).toBe('100400');
  });

  it('reads positions, clock, bars, quotes, most actives and news', async () => {
    await account.step('10:00');
    await alpaca.trading.orders.market({ symbol: 'ACME', qty: 10, side: 'buy' });
    await account.step('10:01');
    expect(await alpaca.trading.positions.getAllOpenPositions()).toMatchObject([
      { symbol: 'ACME', qty: '10', side: 'long' },
    ]);
    expect((await alpaca.trading.clock.legacyClock()).isOpen).toBe(true);
    const { bars } = await alpaca.marketData.stocks.stockBars({
      symbols: 'ACME',
      timeframe: '5Min',
    });
    expect(bars.ACME).toHaveLength(7);
    expect(
      (await alpaca.marketData.stocks.stockLatestQuotes({ symbols: 'ACME' })).quotes.ACME,
    ).toMatchObject({ bp: 99.98, ap: 100.02 });
    expect((await alpaca.marketData.screener.mostActives({ top: 5 })).mostActives).toMatchObject([
      { symbol: 'ACME' },
    ]);
    expect(
      (await alpaca.marketData.news.news({ symbols: 'ACME', includeContent: true })).news,
    ).toMatchObject([{ id: 9, headline: 'Acme wins', content: 'long' }]);
  });

  it('reads a refusal as its own error, with the code and the status', async () => {
    await account.step('10:00');
    await expect(
      alpaca.trading.orders.limit({ symbol: 'ACME', qty: 1, side: 'buy', limitPrice: '99.995' }),
    ).rejects.toMatchObject({ status: 422, code: 42210000 });
    await expect(
      alpaca.trading.positions.getOpenPosition({ symbolOrAssetId: 'ACME' }),
    ).rejects.toMatchObject({ status: 404, code: 40410000 });
  });
});
