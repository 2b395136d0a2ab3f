import { toTimeId, type Bar, type TradeDate } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import type { SymbolBar } from '../store/bars.ts';
import type { Store } from '../store/create-store.ts';
import type { ReadTradingDay } from './read-trading-day.ts';

/**
 * Today's finished minute bars of each symbol since 04:00, oldest first. Those that were read
 * before are kept, and only later ones are read; a symbol's list grows in place. This process alone
 * stores bars, so a kept list is wrong only where `noteStored` hears of a bar that is not later than
 * all of it (late, or corrected): then it is read anew, as another list.
 */
export const createMinutes = (
  store: Store,
  clock: Clock,
  feed: string,
  readTradingDay: ReadTradingDay,
) => {
  let date: TradeDate = '';
  const kept = new Map<string, Bar[]>();

  return {
    /** To be told of every minute bar that was stored, before anybody reads. */
    noteStored: (bars: readonly Pick<SymbolBar, 'symbol' | 'time_id'>[]): void => {
      for (const { symbol, time_id } of bars)
        if (time_id <= (kept.get(symbol)?.at(-1)?.time_id ?? -Infinity)) kept.delete(symbol);
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
        symbols.map((symbol): [string, Bar[]] => {
          const list = kept.get(symbol);
          // nor is a bar kept for somebody who asks of an earlier minute
          return [symbol, list && (list.at(-1)?.time_id ?? first) < nowId ? list : []];
        }),
      );
      // at once: of two readers both fill the same list, and what `noteStored` drops stays dropped
      for (const [symbol, list] of lists) kept.set(symbol, list);
      const after = new Map(
        [...lists].map(([symbol, list]) => [symbol, list.at(-1)?.time_id ?? first - 1]),
      );
      for (const { symbol, ...bar } of await store.readLaterMinutes(after, feed, nowId)) {
        const list = lists.get(symbol)!;
        if (bar.time_id > (list.at(-1)?.time_id ?? -Infinity)) list.push(bar);
      }
      return lists;
    },
  };
};
export type Minutes = ReturnType<typeof createMinutes>;
