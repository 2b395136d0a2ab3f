import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { newYorkTime, symbol as symbolSchema, type CalendarDay } from '@catalyst/domain';
import { dateAfter, DAY_MS, sessionHours } from '../../market/trading-time.ts';
import type { Day } from '../day.ts';
import { DAILY_SESSIONS, importAlpacaDay } from '../import-alpaca-day.ts';
import { PROFILE_SESSIONS } from '../import-volume-profile.ts';
import {
  createAlpacaClient,
  systemClock,
  type AlpacaClient,
  type PacingClock,
} from './alpaca-client.ts';
import { lockRecording } from './lock-recording.ts';
import { downloadPages, expectFound, readAnswer, writeAnswer } from './download-pages.ts';
import { assetSchema, calendarSchema } from './raw-answers.ts';
import { newsWindow } from './read-articles.ts';
import { assetFile, listingExchangeOf } from './read-listings.ts';
import { readRaw } from './read-raw.ts';
import { RecordingError } from './recording-error.ts';

export const recordingFeeds = ['iex', 'sip'] as const;
export type RecordingFeed = (typeof recordingFeeds)[number];

export interface RecordingProgress {
  /** How much of the recording is there, 0 to 1; an estimate. */
  done_ratio: number;
  text: string;
}

export interface RecordDayOptions {
  trade_date: string;
  symbols: readonly string[];
  feed: RecordingFeed;
  key: string;
  secret: string;
  /** Alpaca's addresses, or those of whatever speaks its protocol. */
  trading_url: string;
  data_url: string;
  /**
   * Where answers are kept, in a folder for each recording; a second attempt continues there. Keys
   * are never written.
   */
  cache_dir: string;
  /** Where the day is written; absent or an empty folder. */
  out_dir: string;
  on_progress?: (progress: RecordingProgress) => void;
  clock?: PacingClock;
}

export interface RecordedDay {
  day: Day;
  /** The folder of Alpaca's answers. */
  raw_dir: string;
  /** Requests that this attempt has sent. */
  requests: number;
}

const CALENDAR_DAYS_BEFORE = 400;
const CALENDAR_DAYS_AFTER = 10;
/**
 * Alpaca lists news by their last change: those changed up to this many days after the date are
 * found.
 */
const NEWS_DAYS_AFTER = 3;
/**
 * Alpaca lists corporate actions by the date on which it processes them, for a dividend weeks after
 * the ex-date.
 */
const ACTION_DAYS_AFTER = 90;
/** Alpaca gives the consolidated feed's last quarter of an hour to paying customers only. */
const SETTLED_MS = 15 * 60_000;
/** Symbols of one request, so that its address stays short. */
const SYMBOLS_A_REQUEST = 100;

const ISO_DATE = /^\d{4}-\d\d-\d\d$/;
const isoOf = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace('.000Z', 'Z');

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
 * The exchange's time, by the broker's clock. This is the first request, so it also tells whether
 * the keys are good.
 */
const readClock = async (client: AlpacaClient, url: string): Promise<number> => {
  try {
    const { body } = expectFound(await client.get(url), url);
    const stamp =
      typeof body === 'object' && body !== null && 'timestamp' in body ? body.timestamp : null;
    const now = typeof stamp === 'string' ? Date.parse(stamp) : Number.NaN;
    if (Number.isNaN(now))
      throw new RecordingError(
        'refused',
        `${url} does not tell the time: is it Alpaca's trading API?`,
      );
    return now;
  } catch (error) {
    // wrong keys have been 403 for years and are 401 today
    if (
      error instanceof RecordingError &&
      error.failure === 'refused' &&
      error.message.includes('(403')
    )
      throw new RecordingError(
        'keys',
        error.message.replace(' refuses (', ' does not accept the keys ('),
      );
    throw error;
  }
};

const readCalendar = async (
  client: AlpacaClient,
  rawDir: string,
  tradingUrl: string,
  tradeDate: string,
): Promise<CalendarDay[]> => {
  const path = join(rawDir, 'calendar.json');
  if ((await readAnswer(path)) === undefined) {
    const url = `${tradingUrl}/v2/calendar?start=${dateAfter(tradeDate, -CALENDAR_DAYS_BEFORE)}&end=${dateAfter(tradeDate, CALENDAR_DAYS_AFTER)}`;
    await writeAnswer(path, expectFound(await client.get(url), url).text);
  }
  return readRaw(rawDir, 'calendar.json', calendarSchema);
};

/**
 * Every symbol's listing; those that Alpaca does not know, or that a day cannot hold, are told
 * together.
 */
const recordAssets = async (
  client: AlpacaClient,
  rawDir: string,
  tradingUrl: string,
  symbols: readonly string[],
  onAsset: (index: number) => void,
): Promise<void> => {
  const unknown: string[] = [];
  const unfit: string[] = [];
  for (const [index, symbol] of symbols.entries()) {
    const path = join(rawDir, assetFile(symbol));
    let asset = await readAnswer(path);
    if (asset === undefined) {
      const { status, text, body } = await client.get(
        `${tradingUrl}/v2/assets/${encodeURIComponent(symbol)}`,
      );
      if (status !== 200) unknown.push(symbol);
      else {
        await writeAnswer(path, text);
        asset = body;
      }
    }
    const parsed = assetSchema.safeParse(asset);
    if (parsed.success && listingExchangeOf(parsed.data) === null)
      unfit.push(`${symbol} (${parsed.data.exchange})`);
    onAsset(index + 1);
  }
  if (unknown.length > 0) throw new RangeError(`Alpaca does not know ${unknown.join(', ')}`);
  if (unfit.length > 0)
    throw new RangeError(
      `only stocks listed on an exchange can be recorded, not ${unfit.join(', ')}`,
    );
};

const batches = (symbols: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(symbols.length / SYMBOLS_A_REQUEST) }, (_, index) =>
    symbols.slice(index * SYMBOLS_A_REQUEST, (index + 1) * SYMBOLS_A_REQUEST),
  );

/** Pages come symbol by symbol, so the last symbol of one tells how far the list is. */
const shareOfBars = (page: unknown, symbols: readonly string[]): number => {
  const bars =
    typeof page === 'object' &&
    page !== null &&
    'bars' in page &&
    typeof page.bars === 'object' &&
    page.bars !== null
      ? Object.keys(page.bars)
      : [];
  const last = symbols.indexOf(bars.sort().at(-1) ?? '');
  return last === -1 ? 1 : (last + 1) / symbols.length;
};

const originsOf = (options: RecordDayOptions): [trading: string, data: string] => [
  options.trading_url.replace(/\/+$/, ''),
  options.data_url.replace(/\/+$/, ''),
];

/**
 * Downloads what is not there yet. RangeError where the date has no session or is not over at
 * `now`.
 */
const downloadDay = async (
  client: AlpacaClient,
  options: RecordDayOptions,
  symbols: readonly string[],
  rawDir: string,
  now: number,
): Promise<void> => {
  const { trade_date: tradeDate, feed } = options;
  const [tradingUrl, dataUrl] = originsOf(options);
  const tell = (from: number, to: number, share: number, text: string): void =>
    options.on_progress?.({ done_ratio: from + (to - from) * share, text });
  const calendar = await readCalendar(client, rawDir, tradingUrl, tradeDate);
  const session = calendar.find(({ date }) => date === tradeDate);
  if (!session) {
    const around = [
      calendar.findLast(({ date }) => date < tradeDate),
      calendar.find(({ date }) => date > tradeDate),
    ].flatMap((one) => (one ? [one.date] : []));
    throw new RangeError(
      `the exchange has no session on ${tradeDate}; the nearest are ${around.join(' and ')}`,
    );
  }
  const hours = sessionHours(session);
  const endMs = hours.midnight_ms + hours.extended_close_minute * 60_000;
  if (now < endMs + SETTLED_MS)
    throw new RangeError(
      `${tradeDate} is not over: it can be recorded from ${isoOf(endMs + SETTLED_MS)} on, 15 minutes after the end of its extended hours`,
    );
  await writeAnswer(
    join(rawDir, 'recording.json'),
    `${JSON.stringify({ trade_date: tradeDate, feed, symbols })}\n`,
  );
  await recordAssets(client, rawDir, tradingUrl, symbols, (done) =>
    tell(0, 0.05, done / symbols.length, `listings, ${done} of ${symbols.length}`),
  );

  const earlier = calendar.filter(({ date }) => date < tradeDate).map(({ date }) => date);
  const firstMinutes = newYorkTime(
    earlier.at(-PROFILE_SESSIONS) ?? earlier[0] ?? tradeDate,
    '00:00',
  );
  const firstDaily = earlier.at(-DAILY_SESSIONS) ?? earlier[0];
  const news = newsWindow(calendar, tradeDate);
  const groups = batches(symbols);
  const download = async (
    folder: string,
    what: string,
    from: number,
    to: number,
    url: (names: string) => string,
    share: (page: unknown, number: number, group: readonly string[]) => number,
  ): Promise<void> => {
    let pages = 0;
    for (const [index, group] of groups.entries()) {
      const onPage = (page: unknown, number: number): void => {
        pages += 1;
        tell(
          from,
          to,
          (index + share(page, number, group)) / groups.length,
          `${what}, page ${pages}`,
        );
      };
      await downloadPages({
        client,
        folder: join(rawDir, folder),
        list: String(index).padStart(3, '0'),
        url: url(encodeURIComponent(group.join(','))),
        on_page: onPage,
      });
    }
  };
  const bars = (names: string, timeframe: string, start: string, end: string): string =>
    `${dataUrl}/v2/stocks/bars?symbols=${names}&timeframe=${timeframe}&start=${start}&end=${end}&adjustment=raw&asof=${tradeDate}&feed=${feed}&sort=asc&limit=10000`;
  const unknownLength = (_page: unknown, number: number): number => number / (number + 1);

  await download(
    'bars-1min',
    'minute bars',
    0.05,
    0.8,
    (names) => bars(names, '1Min', isoOf(Date.parse(firstMinutes)), isoOf(endMs - 1_000)),
    (page, _number, group) => shareOfBars(page, group),
  );
  if (firstDaily !== undefined)
    await download(
      'bars-1day',
      'daily bars',
      0.8,
      0.85,
      (names) => bars(names, '1Day', firstDaily, `${earlier.at(-1)}T12:00:00Z`),
      (page, _number, group) => shareOfBars(page, group),
    );
  await download(
    'news',
    'news',
    0.85,
    0.95,
    (names) =>
      `${dataUrl}/v1beta1/news?symbols=${names}&start=${isoOf(news.from_ms)}&end=${isoOf(news.to_ms + NEWS_DAYS_AFTER * DAY_MS)}&sort=asc&limit=50&include_content=true`,
    unknownLength,
  );
  await download(
    'corporate-actions',
    'corporate actions',
    0.95,
    0.99,
    (names) =>
      `${dataUrl}/v1/corporate-actions?symbols=${names}&start=${calendar[0]?.date}&end=${dateAfter(tradeDate, ACTION_DAYS_AFTER)}&sort=asc&limit=1000`,
    unknownLength,
  );
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
