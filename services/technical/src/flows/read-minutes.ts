import { toTimeId, type Bar, type TradeDate } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import type { Store } from '../store.ts';
import type { ReadTradingDay } from './read-trading-day.ts';

// a bar may be stored some minutes late; the last ones are read again
const OVERLAP_MINUTES = 5;

/**
 * Today's finished minute bars of each symbol since 04:00, oldest first; what was read before is
 * kept, so that a scan does not read the whole morning again.
 */
export const createReadMinutes = (
  store: Store,
  clock: Clock,
  feed: string,
  readTradingDay: ReadTradingDay,
) => {
  let date: TradeDate = '';
  const kept = new Map<string, Bar[]>();
  const readTo = new Map<string, number>();

  return async (symbols: readonly string[]): Promise<Map<string, Bar[]>> => {
    const day = await readTradingDay();
    if (date !== day.trade_date) {
      kept.clear();
      readTo.clear();
      date = day.trade_date;
    }
    const first = toTimeId(day.pre_market_open_at);
    const nowId = toTimeId(clock.now());
    const groups = Map.groupBy(symbols, (symbol) =>
      Math.max(first, (readTo.get(symbol) ?? first) - OVERLAP_MINUTES),
    );
    for (const [from, group] of groups) {
      const fresh = Map.groupBy(
        await store.readBars(group, '1min', feed, from, nowId),
        (bar) => bar.symbol,
      );
      for (const symbol of group) {
        const before = (kept.get(symbol) ?? []).filter((bar) => bar.time_id < from);
        kept.set(symbol, [...before, ...(fresh.get(symbol) ?? [])]);
        readTo.set(symbol, nowId);
      }
    }
    return new Map(
      symbols.map((symbol) => [symbol, kept.get(symbol)!.filter((bar) => bar.time_id < nowId)]),
    );
  };
};
export type ReadMinutes = ReturnType<typeof createReadMinutes>;
