import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DayError, loadDay, writeDay, type Day } from '../src/day/index.ts';
import { at, bar, smallDay } from './small-day.ts';

const article = (id: number, clock: string, symbols: string[]) => ({
  id,
  created_at: at(clock).replace('.000Z', 'Z'),
  updated_at: at(clock).replace('.000Z', 'Z'),
  headline: `story ${id}`,
  summary: 'a "quoted": word',
  content: '{"headline": "twice"}',
  author: '',
  source: 'wire',
  url: '',
  symbols,
});

/** Two stocks on a half day, a little of everything. */
const valid: Day = {
  ...smallDay({
    trade_date: '2026-03-10',
    calendar: [
      { date: '2026-03-06', open: '09:30', close: '16:00' },
      { date: '2026-03-09', open: '09:30', close: '16:00' },
      { date: '2026-03-10', open: '09:30', close: '13:00' },
      { date: '2026-03-11', open: '09:30', close: '16:00' },
    ],
    bars: {
      ACME: [
        bar(570, 100, 101, 99, 100),
        bar(571, 100, 100.5, 99.5, 100),
        bar(779, 100, 100.5, 99.5, 100),
      ],
      BETA: [bar(600, 20, 20, 20, 20)],
    },
    events: [{ symbol: 'BETA', kind: 'halt', from_minute: 640, to_minute: 650 }],
    news: [article(1, '08:00', ['ACME']), article(2, '09:00', ['BETA', 'ACME'])],
    corporate_actions: [
      {
        symbol: 'ACME',
        type: 'forward_split',
        ex_date: '2026-03-09',
        new_rate: '2',
        old_rate: '1',
        cash: null,
      },
      {
        symbol: 'BETA',
        type: 'cash_dividend',
        ex_date: '2026-03-09',
        new_rate: null,
        old_rate: null,
        cash: '0.1',
      },
    ],
  }),
  notes: ['by hand'],
};

const folder = mkdtempSync(join(tmpdir(), 'day-validation-'));
const dir = join(folder, 'day');
afterAll(() => rmSync(folder, { recursive: true }));
const texts = new Map<string, string>();
beforeAll(async () => {
  await writeDay(valid, dir);
  for (const file of readdirSync(dir))
    texts.set(
      file,
      (file.endsWith('.gz')
        ? gunzipSync(readFileSync(join(dir, file)))
        : readFileSync(join(dir, file))
      ).toString(),
    );
});

/** What reading the day says when one file's text is another; null where it is taken. */
let count = 0;
const faultOf = async (file: string, text: string): Promise<DayError | null> => {
  const place = join(folder, `changed-${(count += 1)}`);
  mkdirSync(place);
  for (const [name, own] of texts)
    writeFileSync(
      join(place, name),
      name === file
        ? name.endsWith('.gz')
          ? gzipSync(text)
          : text
        : name.endsWith('.gz')
          ? gzipSync(own)
          : own,
    );
  try {
    await loadDay(place);
    return null;
  } catch (error) {
    if (!(error instanceof DayError)) throw error;
    return error;
  } finally {
    rmSync(place, { recursive: true });
  }
};
const edited = (file: string, before: string, after: string): string => {
  const text = texts.get(file)!;
  expect(text).toContain(before);
  return text.replace(before, () => after);
};

describe('a day folder', () => {
  it('is taken as it was written', async () => {
    expect(await loadDay(dir)).toEqual({ ...valid, dir });
  });

  const minutes = 'bars_1min.csv.gz';
  it.each<[string, string, string, string, string]>([
    [
      'a field given twice in day.json',
      'day.json',
      '"seed": 7,',
      '"seed": 7,\n  "seed": 8,',
      'day.json, line 6, column seed: expected each field once, was a second one',
    ],
    [
      'a field given twice deep in day.json',
      'day.json',
      '"close":"13:00"',
      '"close":"13:00","close":"16:00"',
      'day.json, line 14, column close: expected each field once, was a second one',
    ],
    [
      'a field that day.json does not have',
      'day.json',
      '"seed": 7,',
      '"seed": 7,\n  "sede": 8,',
      'day.json, line 6, column sede: expected no field sede, which is unknown, was 8',
    ],
    [
      'a session that opens at 25:99',
      'day.json',
      '"open":"09:30","close":"13:00"',
      '"open":"25:99","close":"13:00"',
      'day.json, line 14, column calendar.2.open: expected a time from 00:00 to 23:59 such as 16:00, was "25:99"',
    ],
    [
      'a session that closes at 24:00',
      'day.json',
      '"13:00"',
      '"24:00"',
      'day.json, line 14, column calendar.2.close: expected a time from 00:00 to 23:59 such as 16:00, was "24:00"',
    ],
    [
      'a session that closes before it opens',
      'day.json',
      '"13:00"',
      '"09:00"',
      'day.json, line 14, column calendar.2.close: expected a time after the open 09:30, was "09:00"',
    ],
    [
      'a calendar of nothing',
      'day.json',
      '"calendar": [',
      '"calendar": [], "old": [',
      'day.json, line 11, column calendar: expected at least one session, was []',
    ],
    [
      'a date that exists in no year',
      'day.json',
      '"2026-03-11"',
      '"2026-13-11"',
      'day.json, line 15, column calendar.3.date: expected a date such as 2026-03-10, was "2026-13-11"',
    ],
    [
      'no securities but the header',
      'securities.csv',
      texts.get('securities.csv') ?? '',
      '',
      'securities.csv, line 2: expected at least one security, was nothing below the header',
    ],
    [
      'a column that is unknown',
      'securities.csv',
      'fractionable',
      'fractionable,lot_size',
      'securities.csv, line 1: expected the header symbol,name,exchange,sector,tradable,shortable,easy_to_borrow,marginable,fractionable, was "symbol,name,exchange,sector,tradable,shortable,easy_to_borrow,marginable,fractionable,lot_size" (unknown: "lot_size")',
    ],
    [
      'a column by another name',
      'events.csv',
      'from_minute',
      'start',
      'events.csv, line 1: expected the header symbol,kind,from_minute,to_minute, was "symbol,kind,start,to_minute" (unknown: "start"; missing: from_minute)',
    ],
    [
      'columns in another order',
      'events.csv',
      'symbol,kind',
      'kind,symbol',
      'events.csv, line 1: expected the header symbol,kind,from_minute,to_minute, was "kind,symbol,from_minute,to_minute" (another order)',
    ],
    [
      'a minute bar before 04:00',
      minutes,
      'ACME,570',
      'ACME,239',
      'bars_1min.csv.gz, line 2, column minute: expected a minute from 240 to 1019 (the extended hours, 04:00 to 17:00 in New York), was 239',
    ],
    [
      "a minute bar after a half day's 17:00",
      minutes,
      'ACME,779',
      'ACME,1020',
      'bars_1min.csv.gz, line 4, column minute: expected a minute from 240 to 1019 (the extended hours, 04:00 to 17:00 in New York), was 1020',
    ],
    [
      'a price in exponents',
      minutes,
      '570,100,',
      '570,1e2,',
      'bars_1min.csv.gz, line 2, column open: expected a decimal number, was "1e2"',
    ],
    [
      'a daily bar outside the calendar',
      'bars_1day.csv.gz',
      '2026-03-06',
      '2026-03-05',
      'bars_1day.csv.gz, line 2, column date: expected a session of the calendar before the trading date, was "2026-03-05"',
    ],
    [
      'a split twice',
      'corporate_actions.csv',
      'BETA,cash_dividend,2026-03-09,,,0.1',
      'ACME,forward_split,2026-03-09,2,1,',
      'corporate_actions.csv, line 3, column ex_date: expected one forward_split of ACME on a date, was 2026-03-09',
    ],
    [
      'an event of a symbol that is not listed',
      'events.csv',
      'BETA',
      'GAMMA',
      'events.csv, line 2, column symbol: expected a symbol that securities.csv lists, was "GAMMA"',
    ],
    [
      'news without a time zone',
      'news.jsonl',
      '2026-03-10T12:00:00Z',
      '2026-03-10T12:00:00',
      'news.jsonl, line 1, column created_at: expected an instant in UTC such as 2026-03-10T13:30:00Z, was "2026-03-10T12:00:00"',
    ],
    [
      "news in New York's time",
      'news.jsonl',
      '2026-03-10T12:00:00Z',
      '2026-03-10T08:00:00-04:00',
      'news.jsonl, line 1, column created_at: expected an instant in UTC such as 2026-03-10T13:30:00Z, was "2026-03-10T08:00:00-04:00"',
    ],
    [
      'news of tomorrow',
      'news.jsonl',
      '"created_at":"2026-03-10T13:00:00Z"',
      '"created_at":"2026-03-11T04:00:00Z"',
      'news.jsonl, line 2, column created_at: expected an instant before the end of the trade date, 2026-03-11T04:00:00.000Z, was 2026-03-11T04:00:00Z',
    ],
    [
      'a field given twice in an article',
      'news.jsonl',
      '"headline":"story 2"',
      '"headline":"story 2","headline":"story 3"',
      'news.jsonl, line 2, column headline: expected each field once, was a second one',
    ],
    [
      'a field that an article does not have',
      'news.jsonl',
      '"headline":"story 2"',
      '"headline":"story 2","title":"story 2"',
      'news.jsonl, line 2, column title: expected no field title, which is unknown, was "story 2"',
    ],
    [
      'an empty line in the news',
      'news.jsonl',
      '\n',
      '\n\n',
      'news.jsonl, line 2: expected one JSON object a line, was Unexpected end of JSON input',
    ],
  ])(
    'is refused for %s, in one sentence with the file, the line and what is expected',
    async (_fault, file, before, after, message) => {
      const text =
        file === 'securities.csv' && after === ''
          ? `${texts.get(file)!.split('\n')[0]}\n`
          : edited(file, before, after);
      expect((await faultOf(file, text))?.message).toBe(message);
    },
  );

  it('is refused where a file of it is a folder', async () => {
    const place = join(folder, 'folder-for-file');
    await writeDay(valid, place);
    rmSync(join(place, 'events.csv'));
    mkdirSync(join(place, 'events.csv'));
    await expect(loadDay(place)).rejects.toThrow(
      `${join(place, 'events.csv')}: expected a file of the day, was a folder`,
    );
  });

  it('with any cell of any table changed is taken or refused in that file, in that line or a later one, never with another error', async () => {
    const tables = [
      'securities.csv',
      minutes,
      'bars_1day.csv.gz',
      'volume_profile.csv.gz',
      'corporate_actions.csv',
      'events.csv',
    ];
    const junk = fc.constantFrom(
      '',
      ' ',
      'x',
      '-1',
      '0',
      '0.5',
      '1e5',
      'NaN',
      'Infinity',
      '99999999999999999',
      '2026-03-09',
      '2026-02-30',
      '09:30',
      'true',
      'TRUE',
      'ACME',
      'BETA',
      'acme',
      '"',
      '""',
      ',',
      '\u0000',
      '\u00e9',
      '\ufffd',
      '__proto__',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...tables),
        fc.nat(),
        fc.nat(),
        junk,
        async (file, row, column, value) => {
          const lines = texts.get(file)!.trimEnd().split('\n');
          const line = row % lines.length;
          const cells = lines[line]!.split(',');
          cells[column % cells.length] = value;
          lines[line] = cells.join(',');
          const error = await faultOf(file, `${lines.join('\n')}\n`);
          if (error === null) return;
          // a symbol that left securities.csv is missed by the tables that name it
          if (file !== 'securities.csv') expect(error.fault.file).toBe(file);
          if (error.fault.file === file) expect(error.fault.line).toBeGreaterThanOrEqual(line + 1);
          expect(error.message).toMatch(/, line \d+(, column \w+)?: expected .+, was .+$/s);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('with any piece of any file cut out, doubled or replaced is taken or refused as a day, never with another error', async () => {
    const files = [
      'day.json',
      'securities.csv',
      minutes,
      'bars_1day.csv.gz',
      'volume_profile.csv.gz',
      'corporate_actions.csv',
      'news.jsonl',
      'events.csv',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.nat(),
        fc.nat({ max: 40 }),
        fc.oneof(
          fc.constant(null),
          fc.string({ maxLength: 6 }),
          fc.constantFrom('{', '}', '[', '"', '\n', ',', ':', '\\', 'null', '1', '\u2028'),
        ),
        async (file, from, length, replacement) => {
          const text = texts.get(file)!;
          const start = from % text.length;
          const piece = text.slice(start, start + length);
          const error = await faultOf(
            file,
            text.slice(0, start) + (replacement ?? piece + piece) + text.slice(start + length),
          );
          if (error) expect(error.message).toMatch(/: expected .+, was /s);
        },
      ),
      { numRuns: 300 },
    );
  });
});
