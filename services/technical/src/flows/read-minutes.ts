import { toTimeId, type Bar, type TradeDate } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import type { Store } from '../store/create-store.ts';
import type { ReadTradingDay } from './read-trading-day.ts';

/**
 * Today's finished minute bars of each symbol since 04:00, oldest first. Those that were read
 * before are kept while as many are stored up to the last of them: stored bars never change, so
 * their count and the last stamp are all that depends on. A symbol's list grows in place; another
 * list means that a bar came late.
 */
export const createReadMinutes = (
  store: Store,
  clock: Clock,
  feed: string,
  readTradingDay: ReadTradingDay,
) => {
  let date: TradeDate = '';
  const kept = new Map<string, Bar[]>();

  const readLater = async (
    after: ReadonlyMap<string, number>,
    before: number,
  ): Promise<Map<string, Bar[]>> => {
    const bars = new Map<string, Bar[]>();
    for (const { symbol, ...bar } of await store.readLaterMinutes(after, feed, before)) {
      const list = bars.get(symbol);
      if (list) list.push(bar);
      else bars.set(symbol, [bar]);
    }
    return bars;
  };

  return async (symbols: readonly string[]): Promise<Map<string, readonly Bar[]>> => {
    const day = await readTradingDay();
    if (date !== day.trade_date) {
      kept.clear();
      date = day.trade_date;
    }
    const first = toTimeId(day.pre_market_open_at);
    const nowId = toTimeId(clock.now());
    // nor is a bar kept for somebody who asks of an earlier minute
    for (const symbol of symbols)
      if ((kept.get(symbol)?.at(-1)?.time_id ?? nowId) >= nowId) kept.set(symbol, []);
    const last = new Map(
      symbols.map((symbol) => [symbol, kept.get(symbol)!.at(-1)?.time_id ?? first - 1]),
    );
    const [counts, later] = await Promise.all([
      store.countMinutes(last, feed, first),
      readLater(last, nowId),
    ]);
    for (const symbol of symbols) kept.get(symbol)!.push(...(later.get(symbol) ?? []));

    const changed = counts.filter(
      ({ symbol, count }) => count + (later.get(symbol)?.length ?? 0) !== kept.get(symbol)!.length,
    );
    if (changed.length > 0) {
      const anew = await readLater(
        new Map(changed.map(({ symbol }) => [symbol, first - 1])),
        nowId,
      );
      for (const { symbol } of changed) kept.set(symbol, anew.get(symbol) ?? []);
    }
    return new Map(symbols.map((symbol) => [symbol, kept.get(symbol)!]));
  };
};
export type ReadMinutes = ReturnType<typeof createReadMinutes>;
