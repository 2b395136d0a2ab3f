import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCsv } from '@catalyst/domain';
import { strFromU8 } from 'fflate';
import { findBarFault } from '../bar-faults.ts';
import type { DailyBar, PricedMinute } from '../day.ts';
import { DayError } from '../day-error.ts';
import type { LeanFolders } from './lean-folders.ts';
import { unzip } from './unzip.ts';

/** LEAN stores prices as whole numbers of a ten-thousandth of a dollar. */
const PRICE_UNIT = 10_000;
const MILLISECONDS_PER_MINUTE = 60_000;
const WHOLE = /^\d+$/;
const NUMBERS = ['open', 'high', 'low', 'close', 'volume'] as const;

/** The text of the one file in a zip; null when the zip does not exist. */
const readZip = async (path: string): Promise<string | null> => {
  let content: Uint8Array;
  try {
    content = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const files = unzip(path, content);
  const names = Object.keys(files);
  const only = files[names[0] ?? ''];
  if (names.length !== 1 || only === undefined)
    throw new DayError({
      file: path,
      line: null,
      column: null,
      was: `${names.length} files`,
      expected: 'a zip of one CSV file',
    });
  return strFromU8(only);
};

/** Visits the rows `stamp,open,high,low,close,volume`; checks numbers and OHLC. */
const visitRows = (
  path: string,
  text: string,
  visit: (
    stamp: string,
    bar: Omit<DailyBar, 'date'>,
    fail: (column: string, was: string, expected: string) => never,
  ) => void,
): void => {
  parseCsv(text).forEach(([stamp = '', ...cells], index) => {
    if (stamp === '' && cells.length === 0) return;
    const fail = (column: string | null, was: string, expected: string): never => {
      throw new DayError({ file: path, line: index + 1, column, was, expected });
    };
    if (cells.length !== NUMBERS.length)
      fail(null, `${cells.length + 1} cells`, '6 cells (time, open, high, low, close, volume)');
    const value = (column: (typeof NUMBERS)[number]): number => {
      const cell = cells[NUMBERS.indexOf(column)] ?? '';
      if (!WHOLE.test(cell)) fail(column, JSON.stringify(cell), 'a whole number');
      return column === 'volume' ? Number(cell) : Number(cell) / PRICE_UNIT;
    };
    const bar = {
      open: value('open'),
      high: value('high'),
      low: value('low'),
      close: value('close'),
      volume: value('volume'),
    };
    const fault = findBarFault(bar);
    if (fault) fail(fault.column, fault.was, fault.expected);
    visit(stamp, bar, fail);
  });
};

export const leanMinutesPath = (
  { minute }: Pick<LeanFolders, 'minute'>,
  symbol: string,
  date: string,
): string => join(minute, symbol.toLowerCase(), `${date.replaceAll('-', '')}_trade.zip`);

/**
 * Minute bars of `minute/<symbol>/<yyyymmdd>_trade.zip`, extended hours included, in order; null
 * when the day has no file.
 */
export const readLeanMinutes = async (
  folders: Pick<LeanFolders, 'minute'>,
  symbol: string,
  date: string,
): Promise<PricedMinute[] | null> => {
  const path = leanMinutesPath(folders, symbol, date);
  const text = await readZip(path);
  if (text === null) return null;
  const bars: PricedMinute[] = [];
  visitRows(path, text, (stamp, bar, fail) => {
    const minute = Number(stamp) / MILLISECONDS_PER_MINUTE;
    if (!WHOLE.test(stamp) || !Number.isInteger(minute) || minute >= 1440)
      fail('time', stamp, 'milliseconds since midnight, whole minutes');
    const last = bars.at(-1)?.minute ?? -1;
    if (minute <= last)
      fail('time', stamp, `a minute after ${last * MILLISECONDS_PER_MINUTE}, the one before it`);
    bars.push({ minute, ...bar });
  });
  return bars;
};

/**
 * Daily bars of `daily/<symbol>.zip` from `from` to the session before `before`, raw prices; null
 * when the symbol has no file.
 */
export const readLeanDaily = async (
  { daily }: Pick<LeanFolders, 'daily'>,
  symbol: string,
  from: string,
  before: string,
): Promise<DailyBar[] | null> => {
  const path = join(daily, `${symbol.toLowerCase()}.zip`);
  const text = await readZip(path);
  if (text === null) return null;
  const bars: DailyBar[] = [];
  visitRows(path, text, (stamp, bar, fail) => {
    const match = /^(\d{4})(\d\d)(\d\d) 00:00$/.exec(stamp);
    if (!match) return fail('time', JSON.stringify(stamp), 'a date such as 20140606 00:00');
    const date = `${match[1]}-${match[2]}-${match[3]}`;
    const last = bars.at(-1)?.date ?? '';
    if (date < from || date >= before) return;
    if (date <= last) fail('time', stamp, `a date after ${last}, the one before it`);
    bars.push({ date, ...bar });
  });
  return bars;
};
