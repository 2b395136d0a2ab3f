import type { Brokerage } from '@catalyst/brokerage';
import { later, newYorkTime, toTimeId, type Bar } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import type { Store } from '../store/create-store.ts';
import { fetchAhead } from './fetch-ahead.ts';
import type { ReadTradingDay } from './read-trading-day.ts';
import type { StoreCheckedBars } from './store-checked-bars.ts';

/**
 * Daily volume is read from the consolidated feed: the one-million-share filter means the whole
 * market.
 */
export const DAILY_FEED = 'sip';
const YEAR_MS = 370 * 86_400_000;
// their year is a page of the vendor's, 10,000 bars
const SYMBOLS_AT_A_TIME = 38;

interface Deps {
  store: Store;
  broker: Brokerage;
  clock: Clock;
  readTradingDay: ReadTradingDay;
  storeCheckedBars: StoreCheckedBars;
}

/**
 * Fetches a year of daily bars for the symbols whose last session is not stored yet; today's
 * running bar is never taken.
 */
export const createEnsureDailyBars =
  ({ store, broker, clock, readTradingDay, storeCheckedBars }: Deps) =>
  async (symbols: readonly string[]): Promise<void> => {
    const day = await readTradingDay();
    const previous = day.earlier.at(-1);
    if (!previous || symbols.length === 0) return;
    const todayStart = newYorkTime(day.trade_date, '00:00');
    const previousStart = toTimeId(newYorkTime(previous.trade_date, '00:00'));
    const lastStored = await store.lastBarIds(symbols, '1day', DAILY_FEED, previousStart);
    const missing = symbols.filter((symbol) => !lastStored.has(symbol)).sort();
    if (missing.length === 0) return;
    const now = clock.now();
    const fetch = (group: readonly string[]) =>
      broker.market_data.bars({
        symbols: group,
        timeframe: '1day',
        start: later(todayStart, -YEAR_MS),
        end: todayStart < now ? todayStart : now,
        feed: DAILY_FEED,
      });
    await fetchAhead(missing, SYMBOLS_AT_A_TIME, fetch, async (bars) => {
      const finished = new Map<string, Bar[]>(
        [...bars].map(([symbol, list]) => [
          symbol,
          list.filter((bar) => bar.time_id < toTimeId(todayStart)),
        ]),
      );
      await storeCheckedBars('1day', DAILY_FEED, finished);
    });
  };
export type EnsureDailyBars = ReturnType<typeof createEnsureDailyBars>;
