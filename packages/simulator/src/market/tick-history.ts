import type { Market } from './market.ts';
import { createTape, type Tape } from './tape.ts';
import { type Print, type QuotePoint } from './print.ts';
import { MINUTE_MS } from './trading-time.ts';

/** The feed that sees only IEX: its own prints, and the consolidated quote under its own code. */
export const IEX = 'V';

export interface TickQuery {
  /** Inclusive bounds in milliseconds; nothing after `until_ms` is read. */
  from_ms: number;
  until_ms: number;
  /** Whether what was told at an instant lies within the bounds to the nanosecond. */
  isWithin: (at_ms: number) => boolean;
  sort: 'asc' | 'desc';
  limit: number;
  /**
   * Where the page before ended: `at_ms:n`, the n-th tick of that instant in the direction of
   * `sort`.
   */
  beyond: { at_ms: number; ordinal: number } | null;
  iex: boolean;
}

/** A tick and where it stands among those of its instant. */
export interface Placed<T> {
  tick: T;
  ordinal: number;
}

/** Trades and quotes of the trade date, as far as they can be known. */
export interface TickHistory {
  trades(symbol: string, query: TickQuery): Placed<Print>[];
  quotes(symbol: string, query: TickQuery): Placed<QuotePoint>[];
  /**
   * The last print of the trade date at `at_ms` that makes a price and still stands, the running
   * minute included; null before the first.
   */
  lastPrint(symbol: string, at_ms: number, iex: boolean): Print | null;
  /** The last change of the quote within the running minute; null where there is none. */
  runningQuote(symbol: string, at_ms: number): QuotePoint | null;
  /** The last quote of IEX's own on the trade date; null before the first. */
  lastIexQuote(symbol: string, at_ms: number): QuotePoint | null;
}

/** Minutes that are read at a time, so that a page of a day does not make the whole day. */
const CHUNK_MS = 30 * MINUTE_MS;

const placed = <T extends { at_ms: number }>(ticks: readonly T[]): Placed<T>[] => {
  let ordinal = 0;
  return ticks.map((tick, index) => {
    ordinal = index > 0 && ticks[index - 1]!.at_ms === tick.at_ms ? ordinal + 1 : 0;
    return { tick, ordinal };
  });
};

const isBeyond = <T extends { at_ms: number }>(
  { tick, ordinal }: Placed<T>,
  { sort, beyond }: TickQuery,
): boolean => {
  if (beyond === null) return true;
  if (tick.at_ms === beyond.at_ms) return ordinal > beyond.ordinal;
  return sort === 'asc' ? tick.at_ms > beyond.at_ms : tick.at_ms < beyond.at_ms;
};

/** Neither an odd lot, which makes no price, nor a trade that no longer stands. */
const isLatest = ({ conditions, update }: Print): boolean =>
  !conditions.includes('I') && (update === undefined || update === 'corrected');

/** `now` is the instant up to which history knows what became of its trades. */
export const createTickHistory = (market: Market, now: () => number): TickHistory => {
  const tape: Tape = createTape(market);
  const { time, revisions } = market;
  const known = (symbol: string, after: number, until: number, known_ms: number): Print[] =>
    revisions.apply(symbol, tape.trades(symbol, after, until), after, until, known_ms);
  const dayEnd = time.startOf(24 * 60);
  const iexQuotes = (symbol: string, after: number, until: number): QuotePoint[] =>
    tape
      .quotes(symbol, after, until)
      .filter((quote) => market.iex_quotes === 'consolidated' || quote.moved_by === IEX)
      .map((quote) => ({ ...quote, exchange: IEX }));

  const collect = <T extends { at_ms: number }>(
    read: (after: number, until: number) => T[],
    query: TickQuery,
  ): Placed<T>[] => {
    const { sort, limit, beyond } = query;
    let after = Math.max(query.from_ms, time.midnight_ms) - 1;
    let until = Math.min(query.until_ms, dayEnd);
    if (beyond && sort === 'asc') after = Math.max(after, beyond.at_ms - 1);
    if (beyond && sort === 'desc') until = Math.min(until, beyond.at_ms);
    const result: Placed<T>[] = [];
    while (after < until && result.length < limit) {
      const edge =
        sort === 'asc' ? Math.min(until, after + CHUNK_MS) : Math.max(after, until - CHUNK_MS);
      const ticks = sort === 'asc' ? read(after, edge) : read(edge, until).toReversed();
      result.push(
        ...placed(ticks).filter((one) => isBeyond(one, query) && query.isWithin(one.tick.at_ms)),
      );
      if (sort === 'asc') after = edge;
      else until = edge;
    }
    return result.slice(0, limit);
  };

  /** The last of what `read` finds, looking back through the minutes that have traded. */
  const lastIn = <T>(
    symbol: string,
    at_ms: number,
    read: (after: number, until: number) => T | undefined,
  ): T | null => {
    const series = market.listings.get(symbol)?.series;
    const traded = series?.countBefore(time.finishedMinutes(at_ms) + 1) ?? 0;
    for (let index = traded - 1; index >= 0; index -= 1) {
      const start = time.startOf(series!.bars[index]!.minute);
      const found = read(start, Math.min(at_ms, start + MINUTE_MS));
      if (found) return found;
    }
    return null;
  };

  return {
    trades: (symbol, query) =>
      collect(
        (after, until) =>
          known(symbol, after, until, now()).filter(
            ({ exchange }) => !query.iex || exchange === IEX,
          ),
        query,
      ),
    quotes: (symbol, query) =>
      collect(
        (after, until) =>
          query.iex ? iexQuotes(symbol, after, until) : tape.quotes(symbol, after, until),
        query,
      ),
    lastPrint: (symbol, at_ms, iex) =>
      lastIn(symbol, at_ms, (after, until) =>
        known(symbol, after, until, at_ms).findLast(
          (one) => isLatest(one) && (!iex || one.exchange === IEX),
        ),
      ),
    lastIexQuote: (symbol, at_ms) =>
      lastIn(symbol, at_ms, (after, until) => iexQuotes(symbol, after, until).at(-1)),
    runningQuote: (symbol, at_ms) =>
      tape.quotes(symbol, time.startOf(time.finishedMinutes(at_ms)), at_ms).at(-1) ?? null,
  };
};
