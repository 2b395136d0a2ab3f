import { afterEach, describe, expect, it } from '@jest/globals';
import type { DayNews } from '../src/day/day.ts';
import { acmeBars } from './acme-bars.ts';
import { openAccount, type OpenAccount } from './open-account.ts';
import { bar, quietDay } from './small-day.ts';

let account: OpenAccount;
afterEach(() => account?.close());

const bars = (query: string) => acmeBars(account, query);
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
