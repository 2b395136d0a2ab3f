import { existsSync, readdirSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import type { Day } from '@catalyst/simulator';
import { UsageError } from '../exit-codes.ts';

export const readDate = (text: string): string => {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text))) throw new InvalidArgumentError('expected a date such as 2026-03-24');
  return text;
};

/** Symbols separated by commas. */
export const readSymbols = (text: string): string[] => text.split(',').map((name) => name.trim()).filter((name) => name !== '');

/** A day is never written over another. */
export const refuseFull = (folder: string): void => {
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new UsageError(`${folder} is not empty; name a new folder with --out`);
};

/** What the simulator calls a RangeError is a wrong argument here. */
export const asUsage = async <T>(act: () => T | Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
};

/** A day in numbers. */
export const summarise = (day: Day, dir: string) => ({
  dir,
  trade_date: day.trade_date,
  kind: day.kind,
  description: day.description,
  securities: day.securities.length,
  minute_bars: [...day.minute_bars.values()].reduce((sum, bars) => sum + bars.length, 0),
  daily_bars: [...day.daily_bars.values()].reduce((sum, bars) => sum + bars.length, 0),
  articles: day.news.length,
  refused_bars: day.refused_bars.length,
});
type Summary = ReturnType<typeof summarise>;

export const describeDay = ({ dir, trade_date, securities, minute_bars, daily_bars, articles, refused_bars }: Summary): string =>
  `${dir}: ${trade_date}, ${securities} securities, ${minute_bars} minute bars, ${daily_bars} daily bars, ${articles} articles${refused_bars === 0 ? '' : `, ${refused_bars} bars refused`}`;
