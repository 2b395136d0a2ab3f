import { join } from 'node:path';
import type { CalendarDay } from '@catalyst/domain';
import { dateAfter } from '../../market/trading-time.ts';
import type { AlpacaClient } from './alpaca-client.ts';
import { expectFound, readAnswer, writeAnswer } from './download-pages.ts';
import { assetSchema, calendarSchema } from './raw-answers.ts';
import { assetFile, listingExchangeOf } from './read-listings.ts';
import { readRaw } from './read-raw.ts';
import { RecordingError } from './recording-error.ts';

export const CALENDAR_DAYS_BEFORE = 400;
export const CALENDAR_DAYS_AFTER = 10;

/**
 * The exchange's time, by the broker's clock. This is the first request, so it also tells whether
 * the keys are good.
 */
export const readClock = async (client: AlpacaClient, url: string): Promise<number> => {
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

export const readCalendar = async (
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
export const recordAssets = async (
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
