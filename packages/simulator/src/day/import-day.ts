import { symbol as symbolSchema } from '@catalyst/domain';
import { calendarAround } from './calendar-around.ts';
import type { Day } from './day.ts';
import { createFindLeanCompany } from './lean/find-lean-company.ts';
import {
  ESTIMATED_TRADE_SIZE,
  importLeanSymbol,
  type LeanSymbol,
} from './lean/import-lean-symbol.ts';
import { findLeanFolders } from './lean/lean-folders.ts';
import { openLeanTables } from './lean/lean-tables.ts';
import { writeNewDay } from './write-new-day.ts';

export interface ImportDayOptions {
  /** LEAN's data folder, or the folder below it that holds `minute/`. */
  bars_dir: string;
  trade_date: string;
  /** As they were on the trade date. */
  symbols: readonly string[];
  /** Where the day is written; absent or an empty folder. */
  out_dir: string;
}

const SESSIONS = 252;

const NOTES = [
  'vwap is an estimate, (high + low + close) / 3: the source has none.',
  `trade_count is an estimate, one trade for ${ESTIMATED_TRADE_SIZE} shares: the source has none.`,
  "Daily bars are the vendor's: regular hours only, raw prices and volumes. The volume profile is raw as well.",
];

/**
 * Turns real bars in LEAN's format into a day without news: minutes of the date, a year of daily
 * bars before it, splits and dividends. Writes it and returns it as `loadDay` reads it. Throws
 * RangeError for arguments that cannot be used, DayError with file and line for files that cannot.
 */
export async function importDay({
  bars_dir: barsDir,
  trade_date: tradeDate,
  symbols,
  out_dir: outDir,
}: ImportDayOptions): Promise<Day> {
  if (symbols.length === 0) throw new RangeError('symbols must name at least one, was empty');
  const names = [...new Set(symbols.map((name) => name.toUpperCase()))].sort();
  const wrong = names.find((name) => !symbolSchema.safeParse(name).success);
  if (wrong !== undefined)
    throw new RangeError(
      `symbols must be tickers such as AAPL or BRK.B, was ${JSON.stringify(wrong)}`,
    );
  const calendar = calendarAround(tradeDate);
  if (!calendar.some((day) => day.date === tradeDate))
    throw new RangeError(
      `trade_date must be a trading day of the exchange's calendar, was ${tradeDate}`,
    );
  const folders = findLeanFolders(barsDir);
  const source = {
    folders,
    find_company: createFindLeanCompany(await openLeanTables(folders.map_files)),
    factors: await openLeanTables(folders.factor_files),
    calendar,
    trade_date: tradeDate,
    sessions: calendar.filter(({ date }) => date < tradeDate).slice(-SESSIONS),
  };
  const imported: LeanSymbol[] = [];
  for (const symbol of names) imported.push(await importLeanSymbol(symbol, source));
  const bySymbol = <T>(pick: (one: LeanSymbol) => T): Map<string, T> =>
    new Map(imported.map((one) => [one.security.symbol, pick(one)]));
  const day: Day = {
    dir: outDir,
    trade_date: tradeDate,
    kind: 'imported',
    seed: 0,
    description: `${names.length > 8 ? `${names.length} stocks` : names.join(', ')} on ${tradeDate}, imported`,
    notes: [...NOTES, ...imported.flatMap(({ notes }) => notes)],
    refused_bars: imported.flatMap(({ refused }) => refused),
    calendar,
    securities: imported.map(({ security }) => security),
    minute_bars: bySymbol(({ minutes }) => minutes),
    daily_bars: bySymbol(({ daily }) => daily),
    volume_profile: bySymbol(({ profile }) => profile),
    corporate_actions: imported.flatMap(({ actions }) => actions),
    news: [],
    events: [],
  };
  return writeNewDay(day, outDir);
}
