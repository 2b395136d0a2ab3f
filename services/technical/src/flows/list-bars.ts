import { aggregateBars, later, toTimeId, type Bar, type Timeframe } from '@catalyst/domain';
import { AppError, type Clock } from '@catalyst/service-kit';
import type { Store } from '../store/create-store.ts';
import { DAILY_FEED } from './ensure-daily-bars.ts';
import type { ReadTradingDay } from './read-trading-day.ts';

const YEAR_MS = 370 * 86_400_000;

/**
 * Stored bars, finished ones only: days as they were traded, minutes of today, and what is built
 * from those minutes.
 */
export const createListBars =
  (store: Store, clock: Clock, feed: string, readTradingDay: ReadTradingDay) =>
  async (symbol: string, timeframe: Timeframe, limit: number): Promise<Bar[]> => {
    const [security] = await store.readSecurities([symbol]);
    if (!security)
      throw new AppError('UNKNOWN_SYMBOL', `${symbol} is not a security that this desk knows`, {
        symbol,
      });
    const now = clock.now();
    const day = await readTradingDay();
    if (timeframe === '1day') {
      const days = await store.readDailyBars(
        [symbol],
        DAILY_FEED,
        toTimeId(later(now, -YEAR_MS)),
        day.trade_date,
      );
      return days.map(({ symbol: _, trade_date: __, ...bar }) => bar).slice(-limit);
    }
    const minutes = (
      await store.readBars([symbol], '1min', feed, toTimeId(day.pre_market_open_at), toTimeId(now))
    ).map(({ symbol: _, ...bar }) => bar);
    return (
      timeframe === '1min' ? minutes : aggregateBars(minutes, timeframe, day, toTimeId(now))
    ).slice(-limit);
  };
