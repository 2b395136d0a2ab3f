import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Day } from './day.ts';
import { DayError } from './day-error.ts';
import { DAY_FILES } from './day-files.ts';
import { readDayJson } from './read-day-json.ts';
import { readNews } from './read-news.ts';
import { readCorporateActions, readDailyBars, readEvents, readMinuteBars, readSecurities, readVolumeProfile } from './read-tables.ts';

const readText = async (dir: string, file: string): Promise<string> => {
  let content: Buffer;
  try {
    content = await readFile(join(dir, file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    throw new DayError({ file: join(dir, file), line: null, column: null, was: 'missing', expected: 'a file of the day' });
  }
  if (!file.endsWith('.gz')) return content.toString('utf8');
  try {
    return gunzipSync(content).toString('utf8');
  } catch (error) {
    throw new DayError({ file: join(dir, file), line: null, column: null, was: (error as Error).message, expected: 'gzip' });
  }
};

/**
 * Reads a day's folder and checks every row; the first fault is thrown as a DayError with file, line, column, what was there and what was expected.
 * `truth.json` is not read: nobody who takes part in the day may know it.
 */
export async function loadDay(dir: string): Promise<Day> {
  const head = readDayJson(await readText(dir, DAY_FILES.day));
  const securities = readSecurities(await readText(dir, DAY_FILES.securities));
  const symbols = new Set(securities.map((security) => security.symbol));
  const earlier = new Set(head.calendar.filter((day) => day.date < head.trade_date).map((day) => day.date));
  return {
    dir,
    trade_date: head.trade_date,
    kind: head.kind,
    seed: head.seed,
    description: head.description,
    notes: head.notes,
    refused_bars: head.refused_bars,
    calendar: head.calendar,
    securities,
    minute_bars: readMinuteBars(await readText(dir, DAY_FILES.minute_bars), symbols),
    daily_bars: readDailyBars(await readText(dir, DAY_FILES.daily_bars), symbols, earlier),
    volume_profile: readVolumeProfile(await readText(dir, DAY_FILES.volume_profile), symbols),
    corporate_actions: readCorporateActions(await readText(dir, DAY_FILES.corporate_actions), symbols),
    news: readNews(await readText(dir, DAY_FILES.news), symbols),
    events: readEvents(await readText(dir, DAY_FILES.events), symbols),
  };
}
