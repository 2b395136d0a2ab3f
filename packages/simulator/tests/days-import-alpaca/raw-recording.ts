import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nyseCalendar } from '@catalyst/domain';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { importAlpacaDay, type Day } from '../../src/day/index.ts';
import { article, asset, bar } from './alpaca-answers.ts';

/** A recording of 2026-03-10 (New York is at UTC-4) of its own for each test. */
export interface RawRecording {
  /** Writes an answer, as it is or as JSON. */
  put(file: string, content: unknown): Promise<void>;
  /** Makes a day of it. */
  run(): Promise<Day>;
  /** Why no day is made of it; the file's path begins at the recording. */
  faultOf(): Promise<Record<string, string | undefined>>;
  /** What making a day of it has left, whole or in part. */
  written(): Promise<string[]>;
}

/** Writes what a recording leaves, before each test. */
export const testRawRecording = (): RawRecording => {
  let folder = '';
  let raw = '';
  let count = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'alpaca-days-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const put = async (file: string, content: unknown): Promise<void> => {
    const path = join(raw, file);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  };

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
  const written = async () =>
    (await readdir(folder)).filter((name) => name.startsWith(`day-${count}`));

  return { put, run, faultOf, written };
};
