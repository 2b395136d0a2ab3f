import type { Brokerage } from '@catalyst/brokerage';
import { fromTimeId, toTimeId } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import type { Store } from '../store.ts';
import type { ReadTradingDay } from './read-trading-day.ts';
import type { StoreCheckedBars, StoredBars } from './store-checked-bars.ts';

// a bar may reach the vendor some seconds after its minute; the next call still finds it
const OVERLAP_MINUTES = 2;

interface Deps {
  store: Store;
  broker: Brokerage;
  clock: Clock;
  feed: string;
  readTradingDay: ReadTradingDay;
  storeCheckedBars: StoreCheckedBars;
}

/**
 * Fetches the minute bars that finished since the last call, for each symbol from where it was
 * left.
 */
export const createIngestBars = ({
  store,
  broker,
  clock,
  feed,
  readTradingDay,
  storeCheckedBars,
}: Deps) => {
  const fetchedTo = new Map<string, number>();
  let fetchedDate = '';

  return async (symbols: readonly string[]): Promise<StoredBars> => {
    const day = await readTradingDay();
    if (fetchedDate !== day.trade_date) {
      fetchedTo.clear();
      fetchedDate = day.trade_date;
    }
    const first = toTimeId(day.pre_market_open_at);
    // a bar exists from its start plus a minute
    const last = Math.min(toTimeId(clock.now()), toTimeId(day.after_hours_close_at)) - 1;
    const unknown = symbols.filter((symbol) => !fetchedTo.has(symbol));
    if (unknown.length > 0) {
      const stored = await store.lastBarIds(unknown, '1min', feed, first);
      for (const symbol of unknown) fetchedTo.set(symbol, stored.get(symbol) ?? first - 1);
    }
    const groups = new Map<number, string[]>();
    for (const symbol of symbols) {
      const start = Math.max(first, fetchedTo.get(symbol)! + 1 - OVERLAP_MINUTES);
      groups.set(start, [...(groups.get(start) ?? []), symbol]);
    }
    const result: StoredBars = { stored: 0, refused: [] };
    for (const [start, group] of [...groups].sort(([left], [right]) => left - right)) {
      if (start > last) continue;
      const bars = await broker.market_data.bars({
        symbols: group,
        timeframe: '1min',
        start: fromTimeId(start),
        end: fromTimeId(last),
      });
      const finished = new Map(
        [...bars].map(([symbol, list]) => [
          symbol,
          list.filter((bar) => bar.time_id >= start && bar.time_id <= last),
        ]),
      );
      const { stored, refused } = await storeCheckedBars('1min', feed, finished);
      for (const symbol of group) fetchedTo.set(symbol, last);
      result.stored += stored;
      result.refused.push(...refused);
    }
    return result;
  };
};
export type IngestBars = ReturnType<typeof createIngestBars>;
