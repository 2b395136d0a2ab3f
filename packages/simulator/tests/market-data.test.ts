import { afterEach, describe, expect, it } from '@jest/globals';
import { nyseCalendar } from '@catalyst/domain';
import type { DayNews } from '../src/day/day.ts';
import { sessionHours } from '../src/market/trading-time.ts';
import { synthesizeSession } from '../src/market/synthetic-session.ts';
import { openAccount, type OpenAccount } from './open-account.ts';
import { bar, flat, OPEN, CLOSE, quietDay, security, smallDay } from './small-day.ts';

let account: OpenAccount;
afterEach(() => account?.close());

const bars = async (
  query: string,
): Promise<{ t: string; o: number; h: number; l: number; c: number; v: number }[]> =>
  (await account.get(`/v2/stocks/ACME/bars?${query}`)).body.bars;
const article = (id: number, createdAt: string, fields: Partial<DayNews> = {}): DayNews => ({
  id,
  created_at: createdAt,
  updated_at: createdAt,
  headline: `Story ${id}`,
  summary: 's',
  content: 'c',
  author: 'a',
  source: 'northwire',
  url: 'https://news.example/x',
  symbols: ['ACME'],
  ...fields,
});

describe('nothing shows the future', () => {
  it('a minute bar does not exist before its minute is over', async () => {
    account = await openAccount(quietDay([bar(600, 100, 105, 100, 105)]));
    await account.step('10:00');
    expect((await bars('timeframe=1Min&start=2026-03-10T14:00:00Z')).length).toBe(0);
    await account.request('POST', '/sim/step', { to: '2026-03-10T14:00:59Z' });
    expect((await bars('timeframe=1Min&start=2026-03-10T14:00:00Z')).length).toBe(0);
    expect((await account.get('/v2/stocks/snapshots?symbols=ACME')).body.ACME.dailyBar.h).toBe(100);
    await account.step('10:01');
    expect(await bars('timeframe=1Min&start=2026-03-10T14:00:00Z')).toMatchObject([
      { t: '2026-03-10T14:00:00Z', h: 105 },
    ]);
  });

  it('running 5, 15 and 60-minute bars and the daily bar hold finished minutes only', async () => {
    account = await openAccount(
      quietDay([bar(602, 100, 105, 100, 100), bar(603, 100, 108, 100, 100)]),
    );
    await account.step('10:03');
    for (const [timeframe, volume] of [
      ['5Min', 30_000],
      ['15Min', 30_000],
      ['1Hour', 30_000],
      ['1Day', 330_000],
    ] as const) {
      expect((await bars(`timeframe=${timeframe}`)).at(-1)).toMatchObject({ h: 105, v: volume });
    }
    await account.step('10:00');
    expect((await account.get('/sim/status')).body.now).toBe('2026-03-10T14:03:00.000Z');
  });

  it('an article exists from the instant it was published, and its revision from its own', async () => {
    account = await openAccount(
      quietDay([], {
        news: [
          article(1, '2026-03-10T12:00:00Z', { updated_at: '2026-03-10T15:00:00Z' }),
          article(2, '2026-03-10T14:00:30Z'),
          article(3, '2026-03-11T12:00:00Z'),
        ],
      }),
    );
    const ids = async (query = ''): Promise<number[]> =>
      (await account.get(`/v1beta1/news?${query}`)).body.news.map(({ id }: { id: number }) => id);
    await account.step('10:00');
    expect(await ids('end=2026-03-12T00:00:00Z')).toEqual([1]);
    expect((await account.get('/v1beta1/news')).body.news[0].updated_at).toBe(
      '2026-03-10T12:00:00Z',
    );
    await account.step('10:01');
    expect(await ids()).toEqual([2, 1]);
    await account.step('11:01');
    expect(await ids()).toEqual([1, 2]);
    expect(await ids('sort=asc&limit=1')).toEqual([2]);
    const { next_page_token: token } = (await account.get('/v1beta1/news?sort=asc&limit=1')).body;
    expect(await ids(`sort=asc&limit=1&page_token=${encodeURIComponent(token)}`)).toEqual([1]);
  });

  it('quotes follow the last finished minute, stand still while stale and are wide while the day says so', async () => {
    const rising = Array.from({ length: 60 }, (_, index) =>
      bar(600 + index, 100 + index, 101 + index, 100 + index, 101 + index),
    );
    account = await openAccount(
      quietDay(rising, {
        events: [
          { symbol: 'ACME', kind: 'stale_quote', from_minute: 610, to_minute: 615 },
          { symbol: 'ACME', kind: 'wide_spread', from_minute: 620, to_minute: 625 },
        ],
      }),
    );
    const quote = async () => (await account.get('/v2/stocks/ACME/quotes/latest')).body.quote;
    await account.step('10:10');
    const standing = await quote();
    expect(standing).toMatchObject({
      t: expect.stringMatching(/^2026-03-10T14:10:00\.000\d+Z$/),
      bp: 109.98,
      ap: 110.02,
    });
    await account.step('10:14');
    expect(await quote()).toEqual(standing);
    await account.step('10:15');
    expect((await quote()).t).toMatch(/^2026-03-10T14:15:00\.000\d+Z$/);
    await account.step('10:20');
    const wide = await quote();
    expect(wide.ap - wide.bp).toBeGreaterThan(2);
  });
});

describe('bars', () => {
  it('of any timeframe add up to the minutes', async () => {
    const series = Array.from({ length: CLOSE - OPEN }, (_, index) =>
      bar(OPEN + index, 100 + (index % 7), 108, 99 - (index % 3), 100 + (index % 5), 100 + index),
    );
    account = await openAccount(
      smallDay({
        bars: { ACME: [...flat(500, 520, 99, 70), ...series, ...flat(970, 980, 101, 30)] },
      }),
    );
    await account.step('20:00');
    const minutes = await bars('timeframe=1Min&limit=10000');
    const sum = (list: { v: number }[]): number => list.reduce((total, { v }) => total + v, 0);
    for (const timeframe of ['5Min', '15Min', '1Hour']) {
      const joined = await bars(`timeframe=${timeframe}&limit=10000`);
      expect(sum(joined)).toBe(sum(minutes));
      expect(Math.max(...joined.map(({ h }) => h))).toBe(108);
    }
    expect((await bars('timeframe=1Day')).at(-1)).toMatchObject({
      o: 100,
      h: 108,
      l: 97,
      c: minutes.find(({ t }) => t === '2026-03-10T19:59:00Z')!.c,
      v: sum(series.map(({ volume }) => ({ v: volume }))),
    });
  });

  it.each(['asc', 'desc'])(
    'page through several symbols in %s order without loss or repetition',
    async (sort) => {
      account = await openAccount(
        smallDay({ bars: { ACME: flat(OPEN, CLOSE, 100), BETA: [], ZETA: flat(OPEN, 600, 5) } }),
      );
      await account.step('16:00');
      const query = `symbols=ZETA,ACME,BETA,GONE&timeframe=5Min&start=2026-03-06&sort=${sort}`;
      const whole = (await account.get(`/v2/stocks/bars?${query}&limit=10000`)).body;
      expect(whole.next_page_token).toBeNull();
      const seen: Record<string, string[]> = {};
      let token = '';
      do {
        const { body } = await account.get(
          `/v2/stocks/bars?${query}&limit=37${token && `&page_token=${encodeURIComponent(token)}`}`,
        );
        for (const [symbol, list] of Object.entries<{ t: string }[]>(body.bars))
          (seen[symbol] ??= []).push(...list.map(({ t }) => t));
        token = body.next_page_token ?? '';
      } while (token !== '');
      expect(seen).toEqual(
        Object.fromEntries(
          Object.entries<{ t: string }[]>(whole.bars).map(([symbol, list]) => [
            symbol,
            list.map(({ t }) => t),
          ]),
        ),
      );
      expect(Object.keys(seen)).toEqual(['ACME', 'BETA', 'ZETA']);
    },
  );

  it('before a split are divided by it on request, and raw otherwise', async () => {
    account = await openAccount(
      quietDay([], {
        corporate_actions: [
          {
            symbol: 'ACME',
            type: 'forward_split',
            ex_date: '2026-03-10',
            new_rate: '7',
            old_rate: '1',
            cash: null,
          },
        ],
      }),
    );
    await account.step('10:00');
    const first = async (adjustment: string) =>
      (await bars(`timeframe=1Day&start=2026-03-09&adjustment=${adjustment}`))[0];
    expect(await first('raw')).toMatchObject({ c: 100, v: 1_000_033 });
    expect(await first('split')).toMatchObject({ c: 14.2857, v: 7_000_231 });
    expect((await bars('timeframe=1Day&start=2026-03-10&adjustment=split'))[0]).toMatchObject({
      o: 100,
    });
  });

  it('before a dividend are scaled by what it took from the price', async () => {
    account = await openAccount(
      quietDay([], {
        corporate_actions: [
          {
            symbol: 'ACME',
            type: 'cash_dividend',
            ex_date: '2026-03-10',
            new_rate: null,
            old_rate: null,
            cash: '2',
          },
        ],
      }),
    );
    await account.step('10:00');
    expect((await bars('timeframe=1Day&start=2026-03-09&adjustment=all'))[0]).toMatchObject({
      c: 98,
    });
    expect((await bars('timeframe=1Day&start=2026-03-09&adjustment=split'))[0]).toMatchObject({
      c: 100,
    });
  });

  it('of an earlier session add up to its daily bar and follow the volume profile', () => {
    const profile = Array.from({ length: 1_440 }, (_, minute) =>
      minute >= 300 && minute < 1_100 ? 3 + (minute % 11) : 0,
    );
    for (const daily of [
      { date: '2026-03-09', open: 50.11, high: 52.4, low: 49.95, close: 51.2, volume: 1_234_567 },
      { date: '2026-03-06', open: 0.9, high: 0.92, low: 0.71, close: 0.72, volume: 4_321 },
    ]) {
      const hours = sessionHours({ date: daily.date, open: '09:30', close: '16:00' });
      const minutes = synthesizeSession('ACME', daily, hours, profile, 50);
      const regular = minutes.filter(({ minute }) => minute >= OPEN && minute < CLOSE);
      expect(regular.reduce((sum, { volume }) => sum + volume, 0)).toBe(daily.volume);
      expect(regular[0]!.open).toBe(daily.open);
      expect(regular.at(-1)!.close).toBe(daily.close);
      expect(Math.max(...regular.map(({ high }) => high))).toBe(daily.high);
      expect(Math.min(...regular.map(({ low }) => low))).toBe(daily.low);
      expect(
        minutes.every(
          ({ open, high, low, close, volume }) =>
            low <= Math.min(open, close) && high >= Math.max(open, close) && volume > 0,
        ),
      ).toBe(true);
      expect(synthesizeSession('ACME', daily, hours, profile, 50)).toEqual(minutes);
    }
  });

  it('end with an early close', async () => {
    const calendar = nyseCalendar('2026-11-02', '2026-12-01');
    account = await openAccount(
      smallDay({ trade_date: '2026-11-27', calendar, bars: { ACME: flat(OPEN, 780, 100) } }),
    );
    await account.request('POST', '/sim/step', { to: '2026-11-27T17:59:00Z' });
    const { body } = await account.place({ type: 'limit', limit_price: '90' });
    expect((await account.get('/v2/clock')).body).toMatchObject({
      is_open: true,
      next_close: '2026-11-27T13:00:00-05:00',
      next_open: '2026-11-30T09:30:00-05:00',
    });
    await account.request('POST', '/sim/step', { to: '2026-11-27T18:00:00Z' });
    expect((await account.get('/v2/clock')).body.is_open).toBe(false);
    expect((await account.order(body.id)).status).toBe('expired');
  });

  it.each([
    ['symbols=ACME', 'timeframe is required'],
    ['timeframe=1Min', 'symbols is required'],
    ['symbols=ACME&timeframe=2Week', 'invalid timeframe: 2Week'],
    ['symbols=ACME&timeframe=1Min&limit=0', 'invalid limit: 0; it must be between 1 and 10000'],
    ['symbols=ACME&timeframe=1Min&start=yesterday', 'invalid start: yesterday'],
    ['symbols=acme;drop&timeframe=1Min', 'invalid symbol: acme;drop'],
    [
      'symbols=ACME&timeframe=1Min&start=2026-03-10&end=2026-03-09',
      'end should not be before start',
    ],
  ])('asked with %s are refused: %s', async (query, message) => {
    account = await openAccount(quietDay([]));
    expect(await account.get(`/v2/stocks/bars?${query}`)).toMatchObject({
      status: 400,
      body: { message },
    });
  });
});

describe('most actives', () => {
  it('are those of the session before until the open, then by volume so far', async () => {
    account = await openAccount(
      smallDay({
        bars: { ACME: flat(OPEN, CLOSE, 100, 10), BETA: flat(OPEN, CLOSE, 5, 900) },
        securities: [security('ACME'), security('BETA')],
      }),
    );
    const top = async () =>
      (await account.get('/v1beta1/screener/stocks/most-actives?top=1')).body.most_actives;
    await account.step('09:30');
    expect(await top()).toEqual([{ symbol: 'ACME', volume: 1_000_033, trade_count: 10_000 }]);
    await account.step('09:32');
    expect(await top()).toEqual([{ symbol: 'BETA', volume: 1_800, trade_count: 18 }]);
  });
});
