import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, strToU8 } from 'fflate';
import { writeCsv } from './csv-table.ts';
import { DAY_FORMAT, type Day, type GeneratedDay } from './day.ts';
import {
  AUCTION_COLUMNS,
  CORPORATE_ACTION_COLUMNS,
  DAILY_BAR_COLUMNS,
  DAY_FILES,
  EVENT_COLUMNS,
  MINUTE_BAR_COLUMNS,
  SECURITY_COLUMNS,
  VOLUME_PROFILE_COLUMNS,
} from './day-files.ts';

/**
 * fflate compresses in plain JavaScript, so the bytes are the same on every machine; zlib's depend
 * on the processor and the system.
 */
const compress = (text: string): Uint8Array => gzipSync(strToU8(text), { level: 9, mtime: 0 });

/** One element a line, so that an error can name the line and a difference is readable. */
const jsonLines = (key: string, items: readonly unknown[]): string =>
  `  ${JSON.stringify(key)}: [${items.length === 0 ? '' : `\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  `}]`;

const dayJson = (day: Day): string => {
  const head = {
    format: DAY_FORMAT,
    trade_date: day.trade_date,
    kind: day.kind,
    seed: day.seed,
    description: day.description,
  };
  const fields = Object.entries(head).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{\n${[...fields, jsonLines('notes', day.notes), jsonLines('refused_bars', day.refused_bars), jsonLines('calendar', day.calendar)].join(',\n')}\n}\n`;
};

function* minuteBarRows(day: Day) {
  for (const [symbol, bars] of day.minute_bars) {
    for (const bar of bars)
      yield [
        symbol,
        bar.minute,
        bar.open,
        bar.high,
        bar.low,
        bar.close,
        bar.volume,
        bar.trade_count,
        bar.vwap,
      ];
  }
}

function* dailyBarRows(day: Day) {
  for (const [symbol, bars] of day.daily_bars) {
    for (const bar of bars)
      yield [symbol, bar.date, bar.open, bar.high, bar.low, bar.close, bar.volume];
  }
}

/** One row a symbol: the minutes from the first to the last with volume. */
function* volumeProfileRows(day: Day) {
  for (const [symbol, minutes] of day.volume_profile) {
    const first = minutes.findIndex((volume) => volume > 0);
    const last = minutes.findLastIndex((volume) => volume > 0);
    if (first !== -1) yield [symbol, first, minutes.slice(first, last + 1).join(' ')];
  }
}

/**
 * The content of each file of a day; equal days give equal bytes on any machine. `auctions.csv` and
 * `truth.json` only where the day has them.
 */
export const dayFiles = (day: Day | GeneratedDay): Map<string, Uint8Array> => {
  const files = new Map<string, Uint8Array>([
    [DAY_FILES.day, strToU8(dayJson(day))],
    [
      DAY_FILES.securities,
      strToU8(
        writeCsv(
          SECURITY_COLUMNS,
          day.securities.map((row) => SECURITY_COLUMNS.map((column) => row[column])),
        ),
      ),
    ],
    [DAY_FILES.minute_bars, compress(writeCsv(MINUTE_BAR_COLUMNS, minuteBarRows(day)))],
    [DAY_FILES.daily_bars, compress(writeCsv(DAILY_BAR_COLUMNS, dailyBarRows(day)))],
    [DAY_FILES.volume_profile, compress(writeCsv(VOLUME_PROFILE_COLUMNS, volumeProfileRows(day)))],
    [
      DAY_FILES.corporate_actions,
      strToU8(
        writeCsv(
          CORPORATE_ACTION_COLUMNS,
          day.corporate_actions.map((row) => CORPORATE_ACTION_COLUMNS.map((column) => row[column])),
        ),
      ),
    ],
    [DAY_FILES.news, strToU8(day.news.map((article) => `${JSON.stringify(article)}\n`).join(''))],
    [
      DAY_FILES.events,
      strToU8(
        writeCsv(
          EVENT_COLUMNS,
          day.events.map((row) => EVENT_COLUMNS.map((column) => row[column])),
        ),
      ),
    ],
  ]);
  if (day.auctions)
    files.set(
      DAY_FILES.auctions,
      strToU8(
        writeCsv(
          AUCTION_COLUMNS,
          day.auctions.map((row) => AUCTION_COLUMNS.map((column) => row[column])),
        ),
      ),
    );
  if ('truth' in day) {
    const truth = `{\n${[jsonLines('catalysts', day.truth.catalysts), jsonLines('traps', day.truth.traps), jsonLines('decoys', day.truth.decoys)].join(',\n')}\n}\n`;
    files.set(DAY_FILES.truth, strToU8(truth));
  }
  return files;
};

/** Writes a day's folder, creating it where needed; files of an earlier day in it are replaced. */
export async function writeDay(day: Day | GeneratedDay, dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const files = dayFiles(day);
  for (const name of Object.values(DAY_FILES)) {
    const content = files.get(name);
    if (content) await writeFile(join(dir, name), content);
    else await rm(join(dir, name), { force: true });
  }
}
