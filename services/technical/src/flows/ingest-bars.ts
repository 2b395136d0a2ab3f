import type { Brokerage } from '@catalyst/brokerage';
import { fromTimeId, toTimeId, type Bar, type Instant, type TradeDate } from '@catalyst/domain';
import type { Clock } from '@catalyst/service-kit';
import type { Store } from '../store/create-store.ts';
import type { Minutes } from './read-minutes.ts';
import type { ReadTradingDay, TradingDay } from './read-trading-day.ts';
import type { Refusal, StoreCheckedBars } from './store-checked-bars.ts';

// a bar may reach the vendor some seconds after its minute, and is corrected half a minute after it
// where a trade was reported late; the next call still finds it
const OVERLAP_MINUTES = 2;

const isSameBar = (known: Bar | undefined, bar: Bar): boolean =>
  known !== undefined &&
  known.open === bar.open &&
  known.high === bar.high &&
  known.low === bar.low &&
  known.close === bar.close &&
  known.volume === bar.volume;

interface Deps {
  store: Store;
  broker: Brokerage;
  clock: Clock;
  feed: string;
  readTradingDay: ReadTradingDay;
  storeCheckedBars: StoreCheckedBars;
  noteStored: Minutes['noteStored'];
}

interface Ingested {
  stored: number;
  refused: Refusal[];
  /** Symbols that have no bar of the last finished minute, and none of it was refused. */
  missing: string[];
}

/** What was fetched of a symbol today. */
interface Fetched {
  /** The last minute that was asked for. */
  to: number;
  /** When, and what was refused then: whoever asks at the same instant gets the same answer. */
  at: Instant | null;
  refused: Refusal[];
  /** The bars that are stored, by minute; another than the vendor's is replaced. */
  stored: Map<number, Bar>;
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
  noteStored,
}: Deps) => {
  const fetched = new Map<string, Fetched>();
  let fetchedDate: TradeDate = '';

  const beginDay = async (day: TradingDay): Promise<void> => {
    const first = toTimeId(day.pre_market_open_at);
    const minutes = toTimeId(day.after_hours_close_at) - first;
    // at once, so that a minute's bars are one statement
    await store.ensureTimes(Array.from({ length: minutes }, (_, index) => first + index));
    fetched.clear();
    fetchedDate = day.trade_date;
  };

  /** Begins where the stored bars end, for a process that has just started. */
  const beginSymbols = async (symbols: readonly string[], first: number): Promise<void> => {
    const unknown = symbols.filter((symbol) => !fetched.has(symbol));
    if (unknown.length === 0) return;
    const last = await store.lastBarIds(unknown, '1min', feed, first);
    for (const symbol of unknown)
      fetched.set(symbol, {
        to: last.get(symbol) ?? first - 1,
        at: null,
        refused: [],
        stored: new Map(),
      });
  };

  const fetchBars = async (
    symbols: readonly string[],
    start: number,
    last: number,
    unread: Refusal[],
  ): Promise<Map<string, Bar[]>> => {
    const bars = await broker.market_data.bars(
      { symbols, timeframe: '1min', start: fromTimeId(start), end: fromTimeId(last) },
      ({ symbol, id, field, reason }) =>
        unread.push({
          symbol: symbol!,
          reason: `cannot be read (${id ?? 'no time'}): ${field}: ${reason}`,
        }),
    );
    return new Map(
      [...bars].map(([symbol, list]) => [
        symbol,
        list.filter((bar) => bar.time_id >= start && bar.time_id <= last),
      ]),
    );
  };

  return async (symbols: readonly string[]): Promise<Ingested> => {
    const day = await readTradingDay();
    const now = clock.now();
    if (fetchedDate !== day.trade_date) await beginDay(day);
    const first = toTimeId(day.pre_market_open_at);
    // a bar exists from its start plus a minute
    const last = Math.min(toTimeId(now), toTimeId(day.after_hours_close_at)) - 1;
    await beginSymbols(symbols, first);

    const due = symbols.filter((symbol) => fetched.get(symbol)!.at !== now);
    const groups = Map.groupBy(due, (symbol) =>
      Math.max(first, fetched.get(symbol)!.to + 1 - OVERLAP_MINUTES),
    );
    let stored = 0;
    for (const [start, group] of [...groups].sort(([left], [right]) => left - right)) {
      if (start > last) continue;
      const unread: Refusal[] = [];
      const answer = await storeCheckedBars(
        '1min',
        feed,
        await fetchBars(group, start, last, unread),
        (symbol, bar) => isSameBar(fetched.get(symbol)!.stored.get(bar.time_id), bar),
      );
      stored += answer.stored;
      noteStored(answer.accepted);
      for (const { symbol, ...bar } of answer.accepted)
        fetched.get(symbol)!.stored.set(bar.time_id, bar);
      const refused = Map.groupBy([...answer.refused, ...unread], ({ symbol }) => symbol);
      for (const symbol of group) {
        const { stored: known } = fetched.get(symbol)!;
        fetched.set(symbol, {
          to: last,
          at: now,
          refused: refused.get(symbol) ?? [],
          stored: known,
        });
      }
    }
    return {
      stored,
      refused: symbols.flatMap((symbol) => fetched.get(symbol)!.refused),
      missing: symbols.filter((symbol) => {
        const known = fetched.get(symbol)!;
        return !known.stored.has(last) && known.refused.length === 0;
      }),
    };
  };
};
export type IngestBars = ReturnType<typeof createIngestBars>;
