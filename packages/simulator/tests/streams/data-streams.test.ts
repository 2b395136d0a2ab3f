import { afterEach, describe, expect, it } from '@jest/globals';
import { streaming } from '@alpacahq/alpaca-trade-api';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { OPEN, CLOSE, bar, flat, security, smallDay } from '../small-day.ts';
import { openStream } from './open-stream.ts';

const article = {
  id: 9,
  created_at: '2026-03-10T14:00:30Z',
  updated_at: '2026-03-10T14:02:00Z',
  headline: 'Acme wins',
  summary: 's',
  content: 'long',
  author: 'a',
  source: 'northwire',
  url: 'https://news.example/9',
  symbols: ['ACME'],
};
const minutes = flat(OPEN, CLOSE, 100).map((one) =>
  one.minute === 601 ? bar(601, 100, 104, 99, 103, 12_000) : one,
);
const day = () =>
  smallDay({
    bars: { ACME: minutes, ZED: flat(OPEN, CLOSE, 50) },
    securities: [security('ACME'), security('ZED', { exchange: 'NYSE' })],
    news: [article, { ...article, id: 10, symbols: ['ZED'], updated_at: article.created_at }],
    events: [{ symbol: 'ZED', kind: 'halt', from_minute: 602, to_minute: 607 }],
  });

let account: OpenAccount;
const stops: (() => void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await account.close();
});

describe('the stock data stream', () => {
  it('tells prints, quotes, bars, daily bars, halts and bands of what is subscribed, in the order of time', async () => {
    account = await openAccount(day(), { at: '09:25' });
    const stream = await openStream(account, '/v2/sip');
    stops.push(() => stream.socket.terminate());
    await stream.authenticate();
    await stream.subscribe({
      trades: ['ACME'],
      quotes: ['ACME'],
      bars: ['*'],
      dailyBars: ['ACME'],
      statuses: ['*'],
      lulds: ['ZED'],
    });
    await account.step('10:01');
    await stream.settled();
    const before = stream.arrays.length;
    await account.step('10:02');
    await stream.settled();
    const told = stream.arrays.slice(before).flat();
    const trades = told.filter(({ T }) => T === 't');
    expect(trades.reduce((sum, { s }) => sum + s, 0)).toBe(12_000);
    expect(trades.at(-1)).toMatchObject({
      S: 'ACME',
      p: 103,
      z: 'C',
      t: expect.stringMatching(/^2026-03-10T14:01:59\.998\d+Z$/),
      i: expect.any(Number),
      x: expect.any(String),
      c: ['@'],
    });
    expect(told.find(({ T }) => T === 'q')).toMatchObject({
      S: 'ACME',
      bx: 'Q',
      ax: 'Q',
      bp: 99.98,
      ap: 100.02,
      c: ['R'],
      z: 'C',
    });
    expect(told.filter(({ T }) => T === 'b')).toEqual([
      {
        T: 'b',
        S: 'ACME',
        o: 100,
        h: 104,
        l: 99,
        c: 103,
        v: 12_000,
        n: 120,
        vw: 101.5,
        t: '2026-03-10T14:01:00Z',
      },
      {
        T: 'b',
        S: 'ZED',
        o: 50,
        h: 50,
        l: 50,
        c: 50,
        v: 10_000,
        n: 100,
        vw: 50,
        t: '2026-03-10T14:01:00Z',
      },
    ]);
    expect(told.filter(({ T }) => T === 'd')).toMatchObject([
      { S: 'ACME', o: 100, h: 104, l: 99, c: 103, v: 322_000, t: '2026-03-10T04:00:00Z' },
    ]);
    const instants = told.filter(({ T }) => T === 't' || T === 'q').map(({ t }) => Date.parse(t));
    expect(instants).toEqual([...instants].sort((left, right) => left - right));
    await account.step('10:10');
    await stream.settled();
    expect(stream.messages('s')).toEqual([
      {
        T: 's',
        S: 'ZED',
        sc: '2',
        sm: 'Trading Halt',
        rc: 'M',
        rm: 'Limit Up-Limit Down (LULD) Trading Pause',
        t: expect.stringMatching(/^2026-03-10T14:02:00\.000\d+Z$/),
        z: 'A',
      },
      {
        T: 's',
        S: 'ZED',
        sc: '3',
        sm: 'Resume',
        rc: '',
        rm: '',
        t: expect.stringMatching(/^2026-03-10T14:07:00\.000\d+Z$/),
        z: 'A',
      },
    ]);
    // Bands come with the opening price, and anew with the price at which trading resumes.
    expect(stream.messages('l')).toEqual(
      ['13:31', '14:08'].map((at) => ({
        T: 'l',
        S: 'ZED',
        u: 55,
        d: 45,
        i: 'B',
        t: expect.stringMatching(`^2026-03-10T${at}:00\\.000\\d+Z$`),
        z: 'A',
      })),
    );
  });

  it('tells the delayed feed a quarter of an hour later, and IEX its share', async () => {
    account = await openAccount(day(), { at: '09:25' });
    const open = async (feed: string) => {
      const stream = await openStream(account, `/v2/${feed}`);
      stops.push(() => stream.socket.terminate());
      await stream.authenticate();
      await stream.subscribe({ bars: ['ACME'], trades: ['ACME'] });
      return stream;
    };
    const [delayed, iex] = [await open('delayed_sip'), await open('iex')];
    await account.step('09:46');
    await Promise.all([delayed.settled(), iex.settled()]);
    expect(delayed.messages('b').map(({ t }) => t)).toEqual(['2026-03-10T13:30:00Z']);
    expect(iex.messages('b')).toHaveLength(16);
    expect(iex.messages('b')[0]!.v).toBeLessThan(500);
    expect(iex.messages('t').every(({ x }) => x === 'V')).toBe(true);
  });
});

describe("Alpaca's own client", () => {
  it('follows stock data and news, created and revised, with only the addresses changed', async () => {
    account = await openAccount(day(), { at: '10:00' });
    const { data_stream_url: url, news_stream_url: newsUrl, accounts } = account.simulator;
    const credentials = { keyId: accounts[0]!.key_id, secret: accounts[0]!.secret_key };
    const stocks = new streaming.StockDataStream({
      credentials,
      url,
      pingIntervalMs: 0,
      reconnectJitter: 0,
    });
    const news = new streaming.NewsStream({
      credentials,
      url: newsUrl,
      pingIntervalMs: 0,
      reconnectJitter: 0,
    });
    stops.push(
      () => stocks.disconnect(),
      () => news.disconnect(),
    );
    const told: unknown[] = [];
    stocks.onTrade(
      ({ symbol, price, timestamp }) =>
        price === 104 &&
        told.push(['trade', symbol, price, timestamp instanceof Date || typeof timestamp]),
    );
    stocks.onBar(({ symbol, close, volume, timestampRaw }) =>
      told.push(['bar', symbol, close, volume, timestampRaw]),
    );
    stocks.onStatus(({ symbol, timestampRaw }) => told.push(['status', symbol, timestampRaw]));
    const wire: unknown[] = [];
    news.onNews(({ id, headline, symbols, updatedAt }) =>
      wire.push([id, headline, symbols, new Date(updatedAt!).toISOString()]),
    );
    stocks.subscribeForTrades(['ACME']);
    stocks.subscribeForBars(['ACME']);
    stocks.subscribeForStatuses(['*']);
    news.subscribeForNews(['ACME']);
    const listening = Promise.all(
      [stocks, news].map((one) => new Promise((resolve) => one.on('subscription', resolve))),
    );
    stocks.connect();
    news.connect();
    await listening;
    await account.step('10:02');
    while (told.length < 4 || wire.length < 2)
      await new Promise((resolve) => setImmediate(resolve));
    expect(told).toEqual([
      ['bar', 'ACME', 100, 10_000, '2026-03-10T14:00:00.000000000Z'],
      ['trade', 'ACME', 104, true],
      ['bar', 'ACME', 103, 12_000, '2026-03-10T14:01:00.000000000Z'],
      ['status', 'ZED', expect.stringMatching(/^2026-03-10T14:02:00\.000\d{6}Z$/)],
    ]);
    expect(wire).toEqual([
      [9, 'Acme wins', ['ACME'], '2026-03-10T14:00:30.000Z'],
      [9, 'Acme wins', ['ACME'], '2026-03-10T14:02:00.000Z'],
    ]);
  });
});
