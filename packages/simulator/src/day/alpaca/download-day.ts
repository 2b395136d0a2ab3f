import { join } from 'node:path';
import { newYorkTime } from '@catalyst/domain';
import { dateAfter, DAY_MS, sessionHours } from '../../market/trading-time.ts';
import { DAILY_SESSIONS } from '../import-alpaca-day.ts';
import { PROFILE_SESSIONS } from '../import-volume-profile.ts';
import type { AlpacaClient } from './alpaca-client.ts';
import { downloadPages, writeAnswer } from './download-pages.ts';
import { newsWindow } from './read-articles.ts';
import { originsOf, type RecordDayOptions } from './record-day-options.ts';
import { readCalendar, recordAssets } from './record-reference.ts';

/**
 * Alpaca lists news by their last change: those changed up to this many days after the date are
 * found.
 */
export const NEWS_DAYS_AFTER = 3;

/**
 * Alpaca lists corporate actions by the date on which it processes them, for a dividend weeks after
 * the ex-date.
 */
export const ACTION_DAYS_AFTER = 90;

/** Alpaca gives the consolidated feed's last quarter of an hour to paying customers only. */
export const SETTLED_MS = 15 * 60_000;

/** Symbols of one request, so that its address stays short. */
export const SYMBOLS_A_REQUEST = 100;

export const isoOf = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace('.000Z', 'Z');

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

/**
 * Downloads what is not there yet. RangeError where the date has no session or is not over at
 * `now`.
 */
export const downloadDay = async (
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
