import { afterEach, describe, expect, it } from '@jest/globals';
import { nyseCalendar } from '@catalyst/domain';
import { sessionHours } from '../src/market/trading-time.ts';
import { synthesizeSession } from '../src/market/synthetic-session.ts';
import { acmeBars } from './acme-bars.ts';
import { openAccount, type OpenAccount } from './open-account.ts';
import { bar, flat, OPEN, CLOSE, quietDay, smallDay } from './small-day.ts';

let account: OpenAccount;
afterEach(() => account?.close());

const bars = (query: string) => acmeBars(account, query);

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
