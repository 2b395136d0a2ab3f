import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nyseCalendar } from '@catalyst/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { importAlpacaDay, type Day } from '../src/day/index.ts';

let folder = '';
let raw = '';
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpaca-days-'));
});
afterAll(() => rm(folder, { recursive: true }));

const asset = (symbol: string, fields: Record<string, unknown> = {}) => ({
  id: 'a',
  class: 'us_equity',
  exchange: 'NASDAQ',
  symbol,
  name: `${symbol} Inc`,
  status: 'active',
  tradable: true,
  marginable: true,
  shortable: true,
  easy_to_borrow: true,
  fractionable: true,
  ...fields,
});
const bar = (t: string, fields: Record<string, unknown> = {}) => ({
  t,
  o: 100,
  h: 101,
  l: 99,
  c: 100.5,
  v: 1_000,
  n: 10,
  vw: 100.1,
  ...fields,
});
const article = (id: number, created: string, fields: Record<string, unknown> = {}) => ({
  id,
  headline: `story ${id}`,
  author: 'A Writer',
  created_at: created,
  updated_at: created,
  summary: ' ',
  content: '<p>text</p>',
  url: null,
  images: [],
  symbols: ['AAPL'],
  source: 'benzinga',
  ...fields,
});
const put = async (file: string, content: unknown): Promise<void> => {
  const path = join(raw, file);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
};

/** What a recording of 2026-03-10 (New York is at UTC-4) leaves. */
beforeEach(async () => {
  count += 1;
  raw = join(folder, `raw-${count}`);
  await put('recording.json', {
    trade_date: '2026-03-10',
    feed: 'sip',
    symbols: ['AAPL', 'BRK.B'],
  });
  await put(
    'calendar.json',
    nyseCalendar('2026-01-20', '2026-03-20').map((day) => ({
      ...day,
      session_open: '0400',
      session_close: '2000',
      settlement_date: day.date,
    })),
  );
  await put('assets/AAPL.json', asset('AAPL'));
  await put(
    'assets/BRK.B.json',
    asset('BRK.B', {
      exchange: 'BATS',
      easy_to_borrow: undefined,
      borrow_status: 'hard_to_borrow',
      name: '',
    }),
  );
  await put('bars-1min/0-0001.json', {
    bars: {
      AAPL: [
        bar('2026-03-06T14:30:00Z', { v: 600 }),
        bar('2026-03-09T13:30:00Z', { v: 400 }),
        bar('2026-03-10T13:30:00Z'),
      ],
    },
    next_page_token: 'more',
  });
  await put('bars-1min/0-0002.json', {
    bars: {
      AAPL: [bar('2026-03-10T13:31:00Z', { vw: 101.4 })],
      'BRK.B': [bar('2026-03-10T08:00:00Z')],
    },
    next_page_token: null,
  });
  await put('bars-1day/0-0001.json', {
    bars: {
      AAPL: [bar('2026-03-06T05:00:00Z'), bar('2026-03-09T04:00:00Z', { c: 100 })],
      'BRK.B': [bar('2026-03-09T04:00:00Z', { v: 50_000 })],
    },
    next_page_token: null,
  });
  await put('news/0-0001.json', {
    news: [
      article(3, '2026-03-10T14:00:00Z', { symbols: ['TSLA', 'AAPL'] }),
      article(1, '2026-03-09T19:59:59Z'),
      article(2, '2026-03-09T20:00:00Z', { updated_at: '2026-03-10T16:00:00Z' }),
      article(4, '2026-03-10T15:00:00Z', { symbols: ['TSLA'] }),
      article(5, '2026-03-11T04:00:00Z'),
    ],
    next_page_token: null,
  });
  await put('corporate-actions/0-0001.json', {
    corporate_actions: {
      cash_dividends: [
        { symbol: 'AAPL', rate: 0.26, ex_date: '2026-02-09', process_date: '2026-02-12' },
        { symbol: 'AAPL', rate: 0.26, ex_date: '2025-11-10', process_date: '2025-11-13' },
      ],
    },
    next_page_token: null,
  });
});

const run = (): Promise<Day> =>
  importAlpacaDay({ raw_dir: raw, out_dir: join(folder, `day-${count}`) });
const faultOf = async () => {
  try {
    await run();
  } catch (error) {
    const { fault } = error as { fault: Record<string, string> };
    return { ...fault, file: fault.file?.slice(raw.length + 1) };
  }
  throw new Error('it was imported');
};

describe("a day made of Alpaca's answers", () => {
  it("holds the bars of the date by minute in New York, with the vendor's trades and average price", async () => {
    const day = await run();
    expect(day).toMatchObject({ kind: 'imported', trade_date: '2026-03-10', refused_bars: [] });
    expect(day.minute_bars.get('AAPL')).toEqual([
      {
        minute: 570,
        open: 100,
        high: 101,
        low: 99,
        close: 100.5,
        volume: 1_000,
        trade_count: 10,
        vwap: 100.1,
      },
      {
        minute: 571,
        open: 100,
        high: 101,
        low: 99,
        close: 100.5,
        volume: 1_000,
        trade_count: 10,
        vwap: 101,
      },
    ]);
    expect(day.minute_bars.get('BRK.B')?.map(({ minute }) => minute)).toEqual([240]);
    expect(day.daily_bars.get('AAPL')?.map(({ date }) => date)).toEqual([
      '2026-03-06',
      '2026-03-09',
    ]);
    expect(day.notes).toContainEqual(
      expect.stringMatching(/^1 minute bars had an average price outside/),
    );
  });

  it('takes the usual volume from the minutes of the sessions before, across the change to summer time', async () => {
    const day = await run();
    expect(day.volume_profile.get('AAPL')?.[570]).toBe(500);
    expect(day.notes).toContainEqual(
      'AAPL: volume profile is the mean of 2 sessions; there are no minutes of earlier ones.',
    );
    expect(
      day.volume_profile.get('BRK.B')?.reduce((sum, volume) => sum + volume, 0),
    ).toBeGreaterThan(50_000);
    expect(day.notes).toContainEqual(
      expect.stringMatching(/^BRK\.B: volume profile is the usual shape/),
    );
  });

  it('holds the news from the close before to the end of the date, about its symbols only', async () => {
    const day = await run();
    expect(
      day.news.map(({ id, symbols, summary, url }) => ({ id, symbols, summary, url })),
    ).toEqual([
      { id: 2, symbols: ['AAPL'], summary: '', url: '' },
      { id: 3, symbols: ['AAPL'], summary: '', url: '' },
    ]);
    expect(day.notes).toContainEqual(
      expect.stringMatching(/^1 articles were changed after publication/),
    );
  });

  it('lists its securities with what it had to decide', async () => {
    const day = await run();
    expect(day.securities).toMatchObject([
      { symbol: 'AAPL', exchange: 'NASDAQ', easy_to_borrow: true },
      { symbol: 'BRK.B', name: 'BRK.B', exchange: 'ARCA', easy_to_borrow: false },
    ]);
    expect(day.notes).toContainEqual(
      'BRK.B: is listed on BATS; the day says ARCA, because it has no BATS.',
    );
  });

  it('holds the splits and dividends of its calendar and says which other actions it leaves out', async () => {
    await put('corporate-actions/0-0002.json', {
      corporate_actions: {
        spin_offs: [{ symbol: 'AAPL', ex_date: '2026-03-02' }],
        reverse_splits: [{ symbol: 'BRK.B', ex_date: '2026-03-12', new_rate: 1, old_rate: 2.5 }],
      },
      next_page_token: null,
    });
    const day = await run();
    expect(day.corporate_actions).toEqual([
      {
        symbol: 'AAPL',
        type: 'cash_dividend',
        ex_date: '2026-02-09',
        new_rate: null,
        old_rate: null,
        cash: '0.26',
      },
      {
        symbol: 'BRK.B',
        type: 'reverse_split',
        ex_date: '2026-03-12',
        new_rate: '1',
        old_rate: '2.5',
        cash: null,
      },
    ]);
    expect(day.notes).toContainEqual(expect.stringContaining('spin_offs'));
  });

  it('leaves out bars with impossible prices, and those of a split that hold both scales, each with its reason', async () => {
    await put('bars-1min/0-0002.json', {
      bars: {
        AAPL: [
          bar('2026-03-10T13:31:00Z', { h: 98 }),
          bar('2026-03-10T13:32:00Z', { o: 50, h: 50.5, l: 49.5, c: 50, vw: 50 }),
        ],
      },
      next_page_token: null,
    });
    await put('corporate-actions/0-0002.json', {
      corporate_actions: {
        forward_splits: [{ symbol: 'AAPL', ex_date: '2026-03-10', new_rate: 2, old_rate: 1 }],
      },
      next_page_token: null,
    });
    const day = await run();
    expect(day.minute_bars.get('AAPL')?.map(({ minute }) => minute)).toEqual([572]);
    expect(day.refused_bars.map(({ minute, reason }) => ({ minute, reason }))).toEqual([
      { minute: 571, reason: 'expected at least the low 99 as high, was 98' },
      {
        minute: 570,
        reason:
          'open and high and low and close in dollars from before the 2:1 split of 2026-03-10',
      },
    ]);
  });

  it('leaves out bars of the night, outside the extended hours, with the reason', async () => {
    await put('bars-1min/0-0002.json', {
      bars: {
        'BRK.B': [
          bar('2026-03-10T07:59:00Z'),
          bar('2026-03-10T08:00:00Z'),
          bar('2026-03-11T00:00:00Z'),
        ],
      },
      next_page_token: null,
    });
    const day = await run();
    expect(day.minute_bars.get('BRK.B')?.map(({ minute }) => minute)).toEqual([240]);
    expect(day.refused_bars.map(({ minute, reason }) => ({ minute, reason }))).toEqual([
      {
        minute: 239,
        reason:
          'expected a minute from 240 to 1199 (the extended hours, 04:00 to 20:00 in New York), was 239',
      },
      {
        minute: 1_200,
        reason:
          'expected a minute from 240 to 1199 (the extended hours, 04:00 to 20:00 in New York), was 1200',
      },
    ]);
  });

  it.each([
    [
      'a price that is no number',
      'bars-1min/0-0002.json',
      { bars: { AAPL: [bar('2026-03-10T13:31:00Z', { h: '101' })] }, next_page_token: null },
      {
        file: 'bars-1min/0-0002.json',
        column: 'bars.AAPL.0.h',
        was: '"101"',
        expected: 'a value of type number',
      },
    ],
    [
      'a minute that repeats',
      'bars-1min/0-0002.json',
      { bars: { AAPL: [bar('2026-03-10T13:30:00Z')] }, next_page_token: null },
      { file: 'bars-1min/0-0002.json', column: 'bars.AAPL.0.t' },
    ],
    [
      'a bar of another date',
      'bars-1min/0-0002.json',
      { bars: { AAPL: [bar('2026-03-11T13:30:00Z')] }, next_page_token: null },
      { column: 'bars.AAPL.0.t', was: '2026-03-11T13:30:00Z' },
    ],
    [
      'a symbol that was not recorded',
      'bars-1day/0-0001.json',
      { bars: { TSLA: [bar('2026-03-09T04:00:00Z')] } },
      { column: 'bars.TSLA', expected: 'a symbol of recording.json' },
    ],
    [
      'a page that is missing',
      'bars-1min/0-0002.json',
      { bars: {}, next_page_token: 'x' },
      { file: 'bars-1min/0-0002.json', column: 'next_page_token' },
    ],
    [
      'an answer that is no JSON',
      'news/0-0001.json',
      '{"news": [',
      { file: 'news/0-0001.json', expected: 'JSON' },
    ],
    [
      'an article without an id',
      'news/0-0001.json',
      { news: [article(1, '2026-03-10T14:00:00Z', { id: undefined })] },
      { column: 'news.0.id', was: 'missing' },
    ],
    [
      'a stock that trades over the counter',
      'assets/AAPL.json',
      asset('AAPL', { exchange: 'OTC' }),
      { file: 'assets/AAPL.json', column: 'exchange' },
    ],
    [
      'a date that the calendar does not have',
      'recording.json',
      { trade_date: '2026-03-14', feed: 'sip', symbols: ['AAPL'] },
      { file: 'calendar.json', was: 'no 2026-03-14' },
    ],
    [
      'a date without any bar',
      'recording.json',
      { trade_date: '2026-03-13', feed: 'sip', symbols: ['AAPL', 'BRK.B'] },
      { file: 'bars-1min', was: 'none' },
    ],
  ])(
    'is refused for %s, with the file and the place in it, and nothing is written',
    async (_what, file, content, expected) => {
      await put(file, content);
      expect(await faultOf()).toMatchObject(expected);
      expect((await readdir(folder)).filter((name) => name.startsWith(`day-${count}`))).toEqual([]);
    },
  );
});
