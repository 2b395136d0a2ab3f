import { afterEach, describe, expect, it } from '@jest/globals';
import { streaming } from '@alpacahq/alpaca-trade-api';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { bar, flat, OPEN, CLOSE, quietDay, security, smallDay } from '../small-day.ts';
import { openStream, type OpenStream } from '../streams/open-stream.ts';

let account: OpenAccount;

/** A time of the tape within a millisecond of the day. */
const within = (millisecond: string) =>
  expect.stringMatching(new RegExp(`^2026-03-10T${millisecond}\\d+Z$`));
const stops: (() => void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await account.close();
});

const CHANNELS = { trades: ['*'], bars: ['*'], updatedBars: ['*'], dailyBars: ['*'] };
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
  account = await openAccount(quietDay([bar(605, 100, 103, 99, 102, 12_000)]), { at: '10:04' });
  const stream = await follow();
  expect(
    (await account.request('POST', '/sim/faults', { where: { market: 'ACME' }, when, what }, {}))
      .status,
  ).toBe(201);
  return stream;
};
const step = (stream: OpenStream, to: string) =>
  account.request('POST', '/sim/step', { to: `2026-03-10T14:${to}Z` }).then(() => stream.settled());
const told = (stream: OpenStream, ...kinds: string[]) =>
  stream.messages().filter(({ T }) => kinds.includes(T));
const trades = async () =>
  (await account.get('/v2/stocks/ACME/trades?start=2026-03-10T14:05:00Z&end=2026-03-10T14:06:00Z'))
    .body.trades as Record<string, unknown>[];
const minuteBar = async () =>
  (
    await account.get(
      '/v2/stocks/ACME/bars?timeframe=1Min&start=2026-03-10T14:05:00Z&end=2026-03-10T14:05:00Z',
    )
  ).body.bars[0];

describe('a trade that is reported late', () => {
  it('is told after its minute, and its bar again at the half-minute mark; history knows neither earlier', async () => {
    const stream = await open({ kind: 'late_trade', ratio: 1.02, size: 500 });
    await step(stream, '06:00');
    const first = { o: 100, h: 103, l: 99, c: 102, v: 12_000, n: 120, t: '2026-03-10T14:05:00Z' };
    const count = (await trades()).length;
    expect(told(stream, 'b').at(-1)).toMatchObject(first);
    expect(await minuteBar()).toMatchObject(first);
    await step(stream, '06:04');
    const late = { p: 104.04, s: 500, x: 'D', c: ['@'], t: within('14:05:59.999'), z: 'C' };
    expect(stream.messages().at(-1)).toMatchObject({ T: 't', S: 'ACME', ...late });
    expect(await trades()).toHaveLength(count + 1);
    expect((await trades()).at(-1)).toMatchObject(late);
    expect(await minuteBar()).toMatchObject(first);
    await step(stream, '06:30');
    const updated = {
      o: 100,
      h: 104.04,
      l: 99,
      c: 104.04,
      v: 12_500,
      n: 121,
      vw: 101.1216,
      t: '2026-03-10T14:05:00Z',
    };
    expect(told(stream, 'u')).toEqual([{ T: 'u', S: 'ACME', ...updated }]);
    expect(await minuteBar()).toEqual(updated);
    await step(stream, '07:00');
    const daily = (await account.get('/v2/stocks/ACME/snapshot')).body.dailyBar;
    expect(daily).toMatchObject({ h: 104.04, v: 36 * 10_000 + 12_500 });
    expect(told(stream, 'd').at(-1)).toMatchObject({ h: daily.h, v: daily.v, n: daily.n });
  });
});

describe('a trade that is canceled', () => {
  it.each([
    ['cancel', 'C'],
    ['error', 'E'],
  ])(
    'by %s is told with its id; history marks it and the latest trade passes it over, while bars keep it for the day',
    async (action, a) => {
      const stream = await open({ kind: 'cancel_error', action, after_seconds: 20 });
      await step(stream, '06:19');
      const print = told(stream, 't').findLast(({ t }) => t.startsWith('2026-03-10T14:05:59.998'))!;
      const before = await minuteBar();
      expect(told(stream, 'x')).toEqual([]);
      expect((await trades()).some((trade) => 'u' in trade)).toBe(false);
      await step(stream, '06:20');
      expect(told(stream, 'x')).toEqual([
        {
          T: 'x',
          S: 'ACME',
          i: print.i,
          x: print.x,
          p: 102,
          s: print.s,
          a,
          t: within('14:06:20.000'),
          z: 'C',
        },
      ]);
      expect((await trades()).filter(({ u }) => u === 'canceled')).toMatchObject([
        { i: print.i, p: 102 },
      ]);
      await step(stream, '07:00');
      expect(told(stream, 'u')).toEqual([]);
      expect(await minuteBar()).toEqual(before);
    },
  );

  it('is not the latest trade any more', async () => {
    account = await openAccount(
      smallDay({ bars: { ACME: [bar(605, 100, 103, 99, 102, 12_000)] } }),
      { at: '10:04' },
    );
    await account.request(
      'POST',
      '/sim/faults',
      { where: { market: 'ACME' }, what: { kind: 'cancel_error' } },
      {},
    );
    await account.step('10:06');
    const latest = async () => (await account.get('/v2/stocks/ACME/trades/latest')).body.trade.p;
    expect(await latest()).toBe(102);
    await account.step('10:07');
    expect(await latest()).not.toBe(102);
    expect((await account.get('/v2/stocks/ACME/snapshot')).body.latestTrade.p).toBe(await latest());
  });
});

describe('a trade that is corrected', () => {
  it('is told with both its ids and prices; history holds the wrong and the right one, marked', async () => {
    const stream = await open({ kind: 'correction', ratio: 0.5 });
    await step(stream, '06:10');
    const print = told(stream, 't').findLast(({ t }) => t.startsWith('2026-03-10T14:05:59.998'))!;
    const [correction] = told(stream, 'c');
    expect(correction).toEqual({
      T: 'c',
      S: 'ACME',
      x: print.x,
      oi: print.i,
      op: 102,
      os: print.s,
      oc: ['@'],
      ci: expect.any(Number),
      cp: 51,
      cs: print.s,
      cc: ['@'],
      t: within('14:06:10.000'),
      z: 'C',
    });
    expect((await trades()).slice(-2)).toMatchObject([
      { i: print.i, p: 102, u: 'incorrect' },
      { i: correction!.ci, p: 51, u: 'corrected', t: within('14:05:59.998') },
    ]);
  });
});

describe('a fault of the tape', () => {
  it('waits for the first minute with a trade, happens once for each symbol, and is a row of the ledger', async () => {
    account = await openAccount(
      smallDay({ bars: { ACME: flat(606, 620, 100), ZED: flat(608, 620, 50) } }),
      { at: '10:04' },
    );
    const stream = await follow();
    await account.request(
      'POST',
      '/sim/faults',
      [
        {
          id: 'late',
          where: { market: '*' },
          when: { from: '10:05', to: '10:15' },
          what: { kind: 'late_trade' },
        },
        {
          id: 'none',
          where: { market: 'ZED' },
          when: { to: '10:08' },
          what: { kind: 'correction', ratio: 2 },
        },
      ],
      {},
    );
    await step(stream, '20:00');
    expect(told(stream, 'u').map(({ S, t, v }) => [S, t, v])).toEqual([
      ['ACME', '2026-03-10T14:06:00Z', 10_100],
      ['ZED', '2026-03-10T14:08:00Z', 10_100],
    ]);
    expect(told(stream, 'c')).toEqual([]);
    const rows = (await account.get('/sim/ledger')).body.filter(
      ({ kind }: { kind: string }) => kind === 'fault',
    );
    const ids = told(stream, 't')
      .filter(({ x, t }) => x === 'D' && t.includes(':59.999'))
      .map(({ i }) => i);
    expect(rows).toMatchObject([
      {
        id: 'late',
        at: '2026-03-10T14:07:00.000Z',
        symbol: 'ACME',
        minute: '2026-03-10T14:06:00Z',
        trade_id: ids[0],
        told_at: '2026-03-10T14:07:04Z',
      },
      { id: 'late', at: '2026-03-10T14:09:00.000Z', symbol: 'ZED', trade_id: ids[1] },
    ]);
    expect((await account.get('/sim/faults')).body).toMatchObject([{ fired: 2 }, { fired: 0 }]);
  });

  it('gives each trade of a minute an id of its own, in whatever order faults hit it', async () => {
    account = await openAccount(quietDay([]), { at: '10:04' });
    const stream = await follow();
    const faults = ['late_trade', 'correction', 'cancel_error', 'late_trade', 'correction'].map(
      (kind) => ({
        where: { market: 'ACME' },
        what: { kind, ...(kind === 'correction' ? { ratio: 1.01 } : {}) },
      }),
    );
    await account.request('POST', '/sim/faults', faults, {});
    await step(stream, '07:00');
    const all = (await account.get('/v2/stocks/ACME/trades?limit=10000')).body.trades as {
      i: number;
      u?: string;
    }[];
    expect(new Set(all.map(({ i }) => i)).size).toBe(all.length);
    expect(all.flatMap(({ u }) => u ?? []).sort()).toEqual([
      'canceled',
      'corrected',
      'corrected',
      'incorrect',
      'incorrect',
    ]);
    expect(told(stream, 'u')).toMatchObject([{ v: 10_200, n: 102 }]);
    expect(told(stream, 'c')).toHaveLength(2);
  });

  it('reaches the delayed feed a quarter of an hour later, and IEX only where IEX has printed', async () => {
    account = await openAccount(quietDay([]), { at: '10:04' });
    const [delayed, iex] = [await follow('/v2/delayed_sip'), await follow('/v2/iex')];
    await account.request(
      'POST',
      '/sim/faults',
      [
        { where: { market: 'ACME' }, what: { kind: 'late_trade', size: 5_000 } },
        { where: { market: 'ACME' }, what: { kind: 'cancel_error' } },
      ],
      {},
    );
    await step(delayed, '19:00');
    const snapshot = async () =>
      (await account.get('/v2/stocks/ACME/bars/latest?feed=delayed_sip')).body.bar;
    await step(delayed, '20:00');
    expect(await snapshot()).toMatchObject({ t: '2026-03-10T14:04:00Z', v: 10_000 });
    await step(delayed, '20:30');
    expect(await snapshot()).toMatchObject({ t: '2026-03-10T14:04:00Z', v: 15_000 });
    expect(told(delayed, 'u', 'x').map(({ T }) => T)).toEqual(['x', 'u']);
    await iex.settled();
    expect(told(iex, 't').every(({ x }) => x === 'V')).toBe(true);
    expect(told(iex, 'u')).toHaveLength(1);
  });

  it("is heard by Alpaca's own client", async () => {
    account = await openAccount(quietDay([]), { at: '10:04' });
    const { data_stream_url: url, accounts } = account.simulator;
    const stocks = new streaming.StockDataStream({
      credentials: { keyId: accounts[0]!.key_id, secret: accounts[0]!.secret_key },
      url,
      pingIntervalMs: 0,
      reconnectJitter: 0,
    });
    stops.push(() => stocks.disconnect());
    const heard: unknown[] = [];
    stocks.onUpdatedBar(({ volume }) => heard.push(['updated', volume]));
    stocks.onCorrection(({ originalPrice, correctedPrice }) =>
      heard.push(['correction', originalPrice, correctedPrice]),
    );
    stocks.onCancelError(({ price, action }) => heard.push(['canceled', price, action]));
    stocks.subscribeForTrades(['ACME']);
    stocks.subscribeForUpdatedBars(['ACME']);
    const listening = new Promise((resolve) => stocks.on('subscription', resolve));
    stocks.connect();
    await listening;
    await account.request(
      'POST',
      '/sim/faults',
      [
        { kind: 'late_trade' },
        { kind: 'correction', ratio: 0.9 },
        { kind: 'cancel_error', after_seconds: 15 },
      ].map((what) => ({ where: { market: 'ACME' }, what })),
      {},
    );
    await account.step('10:06');
    while (heard.length < 3) await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual([
      ['correction', 100, 90],
      ['canceled', 100, 'C'],
      ['updated', 10_100],
    ]);
  });
});

describe('order imbalances', () => {
  it('are told once a minute during a volatility pause, at the last price, and never during another halt', async () => {
    account = await openAccount(
      smallDay({
        bars: { ACME: flat(OPEN, CLOSE, 100), ZED: flat(OPEN, CLOSE, 50) },
        securities: [security('ACME'), security('ZED', { exchange: 'NYSE' })],
        events: [
          { symbol: 'ACME', kind: 'halt', from_minute: 605, to_minute: 608 },
          { symbol: 'ZED', kind: 'halt', from_minute: 605, to_minute: 625 },
        ],
      }),
      { at: '10:00' },
    );
    const stream = await follow('/v2/sip', { imbalances: ['*'] });
    await step(stream, '20:00');
    expect(told(stream, 'i')).toEqual(
      ['05', '06', '07'].map((minute) => ({
        T: 'i',
        S: 'ACME',
        p: 100,
        z: 'C',
        t: within(`14:${minute}:00.000`),
      })),
    );
  });
});
