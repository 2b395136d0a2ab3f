import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DayError, listDays, loadDay, writeDay, type Day } from '../src/day/index.ts';

const smallDay: Day = {
  dir: '',
  trade_date: '2026-03-10',
  kind: 'generated',
  seed: 7,
  description: 'Two stocks',
  notes: ['A "quoted" note, with a comma'],
  refused_bars: [],
  calendar: [
    { date: '2026-03-06', open: '09:30', close: '16:00' },
    { date: '2026-03-09', open: '09:30', close: '16:00' },
    { date: '2026-03-10', open: '09:30', close: '16:00' },
    { date: '2026-03-11', open: '09:30', close: '13:00' },
  ],
  securities: [
    {
      symbol: 'QQAA',
      name: 'Alder, Beech "and" Co., Inc.',
      exchange: 'NASDAQ',
      sector: 'Energy',
      tradable: true,
      shortable: true,
      easy_to_borrow: false,
      marginable: true,
      fractionable: true,
    },
    {
      symbol: 'QQBB',
      name: 'Birch',
      exchange: 'NYSE',
      sector: null,
      tradable: true,
      shortable: false,
      easy_to_borrow: false,
      marginable: true,
      fractionable: false,
    },
  ],
  minute_bars: new Map([
    [
      'QQAA',
      [
        {
          minute: 570,
          open: 10,
          high: 10.2,
          low: 9.99,
          close: 10.1,
          volume: 1200,
          trade_count: 12,
          vwap: 10.0512,
        },
        {
          minute: 571,
          open: 10.1,
          high: 10.1,
          low: 10,
          close: 10.05,
          volume: 800,
          trade_count: 9,
          vwap: 10.05,
        },
      ],
    ],
    [
      'QQBB',
      [
        {
          minute: 600,
          open: 645.57,
          high: 645.57,
          low: 640,
          close: 641,
          volume: 1,
          trade_count: 1,
          vwap: 641,
        },
      ],
    ],
  ]),
  daily_bars: new Map([
    [
      'QQAA',
      [
        { date: '2026-03-06', open: 9, high: 9.5, low: 8.9, close: 9.2, volume: 1_000_000 },
        { date: '2026-03-09', open: 9.2, high: 10, low: 9.1, close: 9.9, volume: 1_100_000 },
      ],
    ],
  ]),
  volume_profile: new Map([
    [
      'QQAA',
      Array.from({ length: 1440 }, (_, minute) =>
        minute >= 570 && minute < 573 ? 1000.5 + minute : 0,
      ),
    ],
  ]),
  corporate_actions: [
    {
      symbol: 'QQAA',
      type: 'forward_split',
      ex_date: '2026-03-10',
      new_rate: '7',
      old_rate: '1',
      cash: null,
    },
    {
      symbol: 'QQBB',
      type: 'cash_dividend',
      ex_date: '2026-03-09',
      new_rate: null,
      old_rate: null,
      cash: '0.32',
    },
  ],
  news: [
    {
      id: 5,
      created_at: '2026-03-10T11:00:00Z',
      updated_at: '2026-03-10T11:00:30Z',
      headline: 'One',
      summary: '<b>two</b>\nlines',
      content: '',
      author: 'A',
      source: 'wire',
      url: 'https://news.example/5',
      symbols: ['QQAA'],
    },
    {
      id: 6,
      created_at: '2026-03-10T12:00:00Z',
      updated_at: '2026-03-10T12:00:00Z',
      headline: 'Two',
      summary: '',
      content: '',
      author: '',
      source: 'wire',
      url: '',
      symbols: [],
    },
  ],
  events: [{ symbol: 'QQBB', kind: 'halt', from_minute: 640, to_minute: 650 }],
};

let folder = '';
let dir = '';

const edit = async (file: string, change: (text: string) => string): Promise<void> => {
  const path = join(dir, file);
  const content = await readFile(path);
  const text = file.endsWith('.gz') ? gunzipSync(content).toString() : content.toString();
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(path, file.endsWith('.gz') ? gzipSync(changed) : changed);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'days-'));
  dir = join(folder, 'small');
});
afterAll(() => rm(folder, { recursive: true }));

describe('a day folder', () => {
  it('comes back as it was written, quotes, nulls and fractions included', async () => {
    await writeDay(smallDay, dir);
    expect(await loadDay(dir)).toEqual({ ...smallDay, dir });
  });

  it('is listed by its day.json', async () => {
    await writeDay(smallDay, dir);
    expect(await listDays(folder)).toEqual([
      {
        name: 'small',
        dir,
        trade_date: '2026-03-10',
        kind: 'generated',
        description: 'Two stocks',
      },
    ]);
  });

  const bars = 'bars_1min.csv.gz';
  it.each<[string, string, string, string, string]>([
    [
      'a high below the low',
      bars,
      '570,10,10.2,9.99',
      '570,10,9.5,9.99',
      'bars_1min.csv.gz, line 2, column high: expected at least the low 9.99, was 9.5',
    ],
    [
      'a close above the high',
      bars,
      '10.1,10,10.05',
      '10.1,10,10.5',
      'bars_1min.csv.gz, line 3, column close: expected at most the high 10.1, was 10.5',
    ],
    [
      'an open below the low',
      bars,
      '570,10,',
      '570,9.5,',
      'bars_1min.csv.gz, line 2, column open: expected at least the low 9.99, was 9.5',
    ],
    [
      'a price of zero',
      bars,
      '570,10,10.2,9.99',
      '570,10,10.2,0',
      'bars_1min.csv.gz, line 2, column low: expected a price above 0, was 0',
    ],
    [
      'a negative volume',
      bars,
      ',1200,',
      ',-1200,',
      'bars_1min.csv.gz, line 2, column volume: expected 0 or more, was -1200',
    ],
    [
      'a vwap outside the bar',
      bars,
      '10.0512',
      '10.3',
      'bars_1min.csv.gz, line 2, column vwap: expected a price from the low 9.99 to the high 10.2, was 10.3',
    ],
    [
      'a word for a number',
      bars,
      ',1200,',
      ',many,',
      'bars_1min.csv.gz, line 2, column volume: expected a decimal number, was "many"',
    ],
    [
      'a minute that repeats',
      bars,
      'QQAA,571',
      'QQAA,570',
      'bars_1min.csv.gz, line 3, column minute: expected a minute after 570, the one before it, was 570',
    ],
    [
      'a minute that goes back',
      bars,
      'QQAA,571',
      'QQAA,569',
      'bars_1min.csv.gz, line 3, column minute: expected a minute after 570, the one before it, was 569',
    ],
    [
      'a minute after midnight',
      bars,
      'QQBB,600',
      'QQBB,1440',
      'bars_1min.csv.gz, line 4, column minute: expected a minute from 240 to 1199 (the extended hours, 04:00 to 20:00 in New York), was 1440',
    ],
    [
      'a bar of an unknown symbol',
      bars,
      'QQBB,600',
      'QQCC,600',
      'bars_1min.csv.gz, line 4, column symbol: expected a symbol that securities.csv lists, was "QQCC"',
    ],
    [
      'a row that is too short',
      bars,
      ',12,10.0512',
      '',
      'bars_1min.csv.gz, line 2: expected 9 cells (symbol,minute,open,high,low,close,volume,trade_count,vwap), was 7 cells',
    ],
    [
      'another header',
      bars,
      'trade_count',
      'trades',
      'bars_1min.csv.gz, line 1: expected the header symbol,minute,open,high,low,close,volume,trade_count,vwap, was "symbol,minute,open,high,low,close,volume,trades,vwap"',
    ],
    [
      'a daily bar on a holiday',
      'bars_1day.csv.gz',
      '2026-03-06',
      '2026-03-07',
      'bars_1day.csv.gz, line 2, column date: expected a session of the calendar before the trading date, was "2026-03-07"',
    ],
    [
      'a daily bar of the trading date',
      'bars_1day.csv.gz',
      '2026-03-09',
      '2026-03-10',
      'bars_1day.csv.gz, line 3, column date: expected a session of the calendar before the trading date, was "2026-03-10"',
    ],
    [
      'a daily date that repeats',
      'bars_1day.csv.gz',
      '2026-03-09',
      '2026-03-06',
      'bars_1day.csv.gz, line 3, column date: expected a date after 2026-03-06, the one before it, was 2026-03-06',
    ],
    [
      'a daily bar that breaks OHLC',
      'bars_1day.csv.gz',
      '9,9.5,8.9',
      '9,9.5,9.1',
      'bars_1day.csv.gz, line 2, column open: expected at least the low 9.1, was 9',
    ],
    [
      'a volume profile with a hole',
      'volume_profile.csv.gz',
      '1571.5',
      'x',
      'volume_profile.csv.gz, line 2, column mean_volumes: expected decimal numbers of 0 or more, a space between them, was "x" at number 2',
    ],
    [
      'an unknown exchange',
      'securities.csv',
      'NYSE',
      'LSE',
      'securities.csv, line 3, column exchange: expected one of NASDAQ, NYSE, ARCA, AMEX, was "LSE"',
    ],
    [
      'a sector that is none',
      'securities.csv',
      'Energy',
      'Oil',
      'securities.csv, line 2, column sector: expected one of',
    ],
    [
      'a symbol that is none',
      'securities.csv',
      'QQBB',
      'qqbb',
      'securities.csv, line 3, column symbol: expected a ticker such as AAPL or BRK.B, was "qqbb"',
    ],
    [
      'a symbol listed twice',
      'securities.csv',
      'QQBB',
      'QQAA',
      'securities.csv, line 3, column symbol: expected a symbol that is not listed yet, was "QQAA"',
    ],
    [
      'an open quote',
      'securities.csv',
      ' Co., Inc."',
      ' Co., Inc.',
      'securities.csv, line 2: expected cells whose quotes are closed',
    ],
    [
      'a split without its rate',
      'corporate_actions.csv',
      ',7,1,',
      ',,1,',
      'corporate_actions.csv, line 2, column new_rate: expected a decimal number, was ""',
    ],
    [
      'an ex-date that does not exist',
      'corporate_actions.csv',
      '2026-03-09',
      '2026-02-30',
      'corporate_actions.csv, line 3, column ex_date: expected a date such as 2026-03-10, was "2026-02-30"',
    ],
    [
      'an event that ends before it begins',
      'events.csv',
      '640,650',
      '650,640',
      'events.csv, line 2, column to_minute: expected a minute after from_minute 650, was 640',
    ],
    [
      'an event of an unknown symbol',
      'events.csv',
      'QQBB',
      'QQCC',
      'events.csv, line 2, column symbol: expected a symbol that securities.csv lists, was "QQCC"',
    ],
    [
      'news of an unknown symbol',
      'news.jsonl',
      '["QQAA"]',
      '["QQCC"]',
      'news.jsonl, line 1, column symbols: expected a symbol that securities.csv lists, was QQCC',
    ],
    [
      'news with an id used before',
      'news.jsonl',
      '"id":6',
      '"id":5',
      'news.jsonl, line 2, column id: expected an id of its own, was 5, already used in line 1',
    ],
    [
      'news out of order',
      'news.jsonl',
      '2026-03-10T11:00:00Z',
      '2026-03-10T13:00:00Z',
      'news.jsonl, line 1, column updated_at: expected an instant not before created_at 2026-03-10T13:00:00Z, was 2026-03-10T11:00:30Z',
    ],
    [
      'news without a headline',
      'news.jsonl',
      '"headline":"Two",',
      '',
      'news.jsonl, line 2, column headline: expected a value of type string, was missing',
    ],
    [
      'news with a wrong instant',
      'news.jsonl',
      '2026-03-10T12:00:00Z',
      'noon',
      'news.jsonl, line 2, column created_at: expected an instant in UTC such as 2026-03-10T13:30:00Z, was "noon"',
    ],
    [
      'a line of news that is no JSON',
      'news.jsonl',
      '{"id":6',
      '{"id":',
      'news.jsonl, line 2: expected one JSON object a line',
    ],
    [
      'another format number',
      'day.json',
      '"format": 1',
      '"format": 2',
      'day.json, line 2, column format: expected format 1, the only one this version reads, was 2',
    ],
    [
      'a date that is none',
      'day.json',
      '"2026-03-06"',
      '"2026-02-30"',
      'day.json, line 12, column calendar.0.date: expected a date such as 2026-03-10, was "2026-02-30"',
    ],
    [
      'a calendar out of order',
      'day.json',
      '"2026-03-06"',
      '"2026-03-09"',
      'day.json, line 13, column calendar.1.date: expected a date after 2026-03-09, was "2026-03-09"',
    ],
    [
      'a trading date that is no trading day',
      'day.json',
      '"trade_date": "2026-03-10"',
      '"trade_date": "2026-03-08"',
      'day.json, line 3, column trade_date: expected a date of the calendar, was "2026-03-08"',
    ],
    ['a day.json that is no JSON', 'day.json', '"seed": 7,', '"seed": 7', 'day.json, line'],
  ])(
    'is refused for %s, with file, line, column, what was there and what was expected',
    async (_fault, file, before, after, message) => {
      await writeDay(smallDay, dir);
      await edit(file, (text) => text.replace(before, after));
      const error = await loadDay(dir).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(DayError);
      expect((error as DayError).message).toContain(message);
    },
  );

  it.each([
    'day.json',
    'securities.csv',
    bars,
    'bars_1day.csv.gz',
    'volume_profile.csv.gz',
    'corporate_actions.csv',
    'news.jsonl',
    'events.csv',
  ])('is refused without %s', async (file) => {
    await writeDay(smallDay, dir);
    await rm(join(dir, file));
    await expect(loadDay(dir)).rejects.toThrow(
      `${join(dir, file)}: expected a file of the day, was missing`,
    );
  });

  it.each<[string, string, string, string, string]>([
    [
      'an absurd price',
      bars,
      '570,10,10.2,',
      '570,10,99999999,',
      'bars_1min.csv.gz, line 2, column high: expected a price of at most 10000000, was 99999999',
    ],
    [
      'a column that is missing',
      'securities.csv',
      ',sector,',
      ',',
      'securities.csv, line 1: expected the header symbol,name,exchange,sector,',
    ],
    ['a cell too few', bars, 'QQBB,600,', 'QQBB,', 'bars_1min.csv.gz, line 4: expected 9 cells'],
    [
      'a byte order mark',
      'securities.csv',
      'symbol,',
      '\ufeffsymbol,',
      'securities.csv, line 1: expected UTF-8 without a byte order mark, was a byte order mark at its beginning',
    ],
    [
      'a carriage return',
      'events.csv',
      '640,650',
      '640,650\r',
      'events.csv, line 2: expected lines that end with a line feed alone, was a carriage return',
    ],
    [
      'a carriage return in a compressed file',
      bars,
      'QQAA,571',
      '\rQQAA,571',
      'bars_1min.csv.gz, line 3: expected lines that end with a line feed alone, was a carriage return',
    ],
  ])('is refused for %s', async (_fault, file, before, after, message) => {
    await writeDay(smallDay, dir);
    await edit(file, (text) => text.replace(before, after));
    await expect(loadDay(dir)).rejects.toThrow(message);
  });

  it('is refused when a file is empty, cut in half or not in UTF-8', async () => {
    await writeDay(smallDay, dir);
    await writeFile(join(dir, 'events.csv'), '');
    await expect(loadDay(dir)).rejects.toThrow(
      'events.csv, line 1: expected the header symbol,kind,from_minute,to_minute, was an empty file',
    );
    await writeDay(smallDay, dir);
    await writeFile(
      join(dir, 'securities.csv'),
      (await readFile(join(dir, 'securities.csv'), 'latin1')).replace('Birch', 'Bouleau \u00e9'),
      'latin1',
    );
    await expect(loadDay(dir)).rejects.toThrow(
      'securities.csv, line 3: expected text in UTF-8, was bytes that are none',
    );
    await writeDay(smallDay, dir);
    const whole = await readFile(join(dir, bars));
    await writeFile(join(dir, bars), whole.subarray(0, whole.length / 2));
    await expect(loadDay(dir)).rejects.toThrow(
      `${join(dir, bars)}: expected gzip, was a file that ends too early`,
    );
  });

  it('is refused when a compressed file is not gzip', async () => {
    await writeDay(smallDay, dir);
    await writeFile(join(dir, bars), 'plain');
    await expect(loadDay(dir)).rejects.toThrow(`${join(dir, bars)}: expected gzip`);
  });
});
