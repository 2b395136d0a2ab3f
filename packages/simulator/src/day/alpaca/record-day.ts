import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { symbol as symbolSchema } from '@catalyst/domain';
import type { Day } from '../day.ts';
import { importAlpacaDay } from '../import-alpaca-day.ts';
import { createAlpacaClient, systemClock } from './alpaca-client.ts';
import { downloadDay } from './download-day.ts';
import { lockRecording } from './lock-recording.ts';
import { originsOf, type RecordDayOptions } from './record-day-options.ts';
import { readClock } from './record-reference.ts';

export interface RecordedDay {
  day: Day;
  /** The folder of Alpaca's answers. */
  raw_dir: string;
  /** Requests that this attempt has sent. */
  requests: number;
}

const ISO_DATE = /^\d{4}-\d\d-\d\d$/;

const checkArguments = async ({
  trade_date: tradeDate,
  symbols,
  out_dir: outDir,
}: RecordDayOptions): Promise<string[]> => {
  if (!ISO_DATE.test(tradeDate) || Number.isNaN(Date.parse(tradeDate)))
    throw new RangeError(
      `trade_date must be a date such as 2026-03-10, was ${JSON.stringify(tradeDate)}`,
    );
  if (symbols.length === 0) throw new RangeError('symbols must name at least one, was empty');
  const names = [...new Set(symbols.map((name) => name.toUpperCase()))].sort();
  const wrong = names.filter((name) => !symbolSchema.safeParse(name).success);
  if (wrong.length > 0)
    throw new RangeError(`symbols must be tickers such as AAPL or BRK.B, was ${wrong.join(', ')}`);
  const entries = await readdir(outDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (entries.length > 0)
    throw new RangeError(`out_dir must be absent or an empty folder, ${outDir} is not empty`);
  return names;
};

/**
 * Downloads one date of some stocks from Alpaca (minute bars of it and of the 20 sessions before, a
 * year of daily bars, news, splits and dividends, listings, the calendar) and makes a day of it.
 * What an attempt that broke off has downloaded is not asked for again. Throws RangeError for
 * arguments that cannot be used (unknown symbols, a date without a session or not over yet),
 * RecordingError where Alpaca does not give what is asked for, DayError where its answers cannot be
 * used.
 */
export async function recordDay(options: RecordDayOptions): Promise<RecordedDay> {
  const {
    trade_date: tradeDate,
    feed,
    key,
    secret,
    cache_dir: cacheDir,
    out_dir: outDir,
  } = options;
  const symbols = await checkArguments(options);
  const [tradingUrl, dataUrl] = originsOf(options);
  const client = createAlpacaClient({ key, secret, clock: options.clock ?? systemClock });

  const now = await readClock(client, `${tradingUrl}/v2/clock`);
  const hash = createHash('sha256')
    .update(JSON.stringify([symbols, tradingUrl, dataUrl]))
    .digest('hex')
    .slice(0, 12);
  const rawDir = join(cacheDir, `${tradeDate}-${feed}-${hash}`);
  const release = await lockRecording(rawDir);
  try {
    await downloadDay(client, options, symbols, rawDir, now);
    const day = await importAlpacaDay({ raw_dir: rawDir, out_dir: outDir });
    options.on_progress?.({ done_ratio: 1, text: 'recorded' });
    return { day, raw_dir: rawDir, requests: client.requests() };
  } finally {
    await release();
  }
}
