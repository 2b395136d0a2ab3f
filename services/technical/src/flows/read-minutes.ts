import { toTimeId, type Bar, type TradeDate } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import type { SymbolBar } from '../store/bars.ts';
import type { Store } from '../store/create-store.ts';
import type { ReadTradingDay } from './read-trading-day.ts';

interface Kept {
  bars: Bar[];
  /** True where it has all that is stored: nothing need be read. */
  isWhole: boolean;
  /** Counts what was stored while it was not whole: a read under way may have missed it. */
  noted: number;
}

/**
 * Today's finished minute bars of each symbol since 04:00, oldest first. This process alone stores
 * bars, so what was read once is kept and grows in place by what `noteStored` hears of. A bar that
 * is not later than all of a list (late, or corrected) makes it be read anew, as another list.
 */
export const createMinutes = (
  store: Store,
  clock: Clock,
  feed: string,
  readTradingDay: ReadTradingDay,
) => {
  let date: TradeDate = '';
  let lastNoted = -Infinity;
  const kept = new Map<string, Kept>();
  const lastOf = ({ bars }: Kept): number => bars.at(-1)?.time_id ?? -Infinity;

  return {
    /** To be told of every minute bar that was stored, before anybody reads. */
    noteStored: (stored: readonly SymbolBar[]): void => {
      for (const { symbol, ...bar } of stored) {
        lastNoted = Math.max(lastNoted, bar.time_id);
        const list = kept.get(symbol);
        if (!list) continue;
        if (bar.time_id <= lastOf(list)) kept.delete(symbol);
        else if (list.isWhole) list.bars.push(bar);
        else list.noted += 1;
      }
    },

    readMinutes: async (symbols: readonly string[]): Promise<Map<string, readonly Bar[]>> => {
      const day = await readTradingDay();
      if (date !== day.trade_date) {
        kept.clear();
        date = day.trade_date;
      }
      const first = toTimeId(day.pre_market_open_at);
      // a session that is over has no later minutes than its own
      const nowId = Math.min(toTimeId(clock.now()), toTimeId(day.after_hours_close_at));
      const lists = new Map(
        symbols.map((symbol): [string, Kept] => {
          const list = kept.get(symbol);
          // nor is a bar kept for somebody who asks of an earlier minute
          const isKept = list !== undefined && lastOf(list) < nowId;
          return [symbol, isKept ? list : { bars: [], isWhole: false, noted: 0 }];
        }),
      );
      // at once: of two readers both fill the same list, and what `noteStored` drops stays dropped
      for (const [symbol, list] of lists) kept.set(symbol, list);
      const unread = [...lists].filter(([, { isWhole }]) => !isWhole);
      if (unread.length > 0) {
        const before = unread.map(([, { noted }]) => noted);
        const after = new Map(
          unread.map(([symbol, list]) => [symbol, Math.max(lastOf(list), first - 1)]),
        );
        for (const { symbol, ...bar } of await store.readLaterMinutes(after, feed, nowId)) {
          const list = lists.get(symbol)!;
          if (bar.time_id > lastOf(list)) list.bars.push(bar);
        }
        unread.forEach(([, list], index) => {
          list.isWhole = list.noted === before[index] && lastNoted < nowId;
        });
      }
      return new Map([...lists].map(([symbol, { bars }]) => [symbol, bars]));
    },
  };
};
export type Minutes = ReturnType<typeof createMinutes>;
