import type { DayBar, DaySecurity, ListingExchange } from '../day/day.ts';
import { quoteAround } from '../exchange/fill-model.ts';
import { onTick } from './bar-series.ts';
import type { Market } from './market.ts';
import { seededNumber } from './seeded-number.ts';
import { MINUTES_PER_DAY, MINUTE_MS } from './trading-time.ts';

/*
 * Prints and quotes of the trade date. A day holds minute bars, not trades: what is here is made
 * from the bars, seeded, and the same in every run.
 *
 * A minute's prints run along the path of its bar: open, the extreme on the other side of the
 * close, the extreme on its side, close (a bar that rises goes open, low, high, close). The first
 * print is the open, the last the close just before the minute ends, both extremes are among them,
 * the sizes add up to the bar's volume exactly. Their number is the bar's trade count, at most
 * MOST_PRINTS. A minute without volume, and one in which the symbol is halted, has none. The
 * standing quote follows each print that moves it; at the end of a minute it is `market.quote`.
 */

/** Prints that a minute is told in at most; the bar's own trade count may be thousands. */
export const MOST_PRINTS = 20;
/**
 * Ids that belong to a minute: the first, which is no print's, then those of its prints, then those
 * of what is told later.
 */
export const IDS_PER_MINUTE = 32;
/**
 * How long before the end of its minute the last print stands, so that it belongs to that minute.
 */
const LAST_PRINT_MS = 2;

/** One trade as the tape prints it. */
export interface Print {
  at_ms: number;
  /** Unique for its symbol, across days too, and increasing. */
  id: number;
  price: number;
  /** Shares. */
  size: number;
  /** The exchange's code on the tape: "Q". */
  exchange: string;
  /**
   * Sale conditions in the alphabet of the tape: "@" or " " a regular sale, T extended hours, O
   * opening, 6 closing, I an odd lot.
   */
  conditions: readonly string[];
  tape: string;
  /** What has become of it since: absent where it stands as it was told. */
  update?: 'canceled' | 'incorrect' | 'corrected';
}

/** The best bid and offer from `at_ms` on. */
export interface QuotePoint {
  at_ms: number;
  bid: number;
  ask: number;
  /** Shares. */
  bid_size: number;
  ask_size: number;
  exchange: string;
  conditions: readonly string[];
  tape: string;
}

/**
 * What traded and was quoted in (after_ms, until_ms], oldest first. The caller sees to it that
 * `until_ms` is not in the future.
 */
export interface Tape {
  trades(symbol: string, after_ms: number, until_ms: number): Print[];
  quotes(symbol: string, after_ms: number, until_ms: number): QuotePoint[];
}

export const EXCHANGE_CODES: Readonly<Record<ListingExchange, string>> = {
  NASDAQ: 'Q',
  NYSE: 'N',
  ARCA: 'P',
  AMEX: 'A',
};
/**
 * The consolidated tape on which a listing is printed: A for NYSE, B for the other exchanges, C for
 * Nasdaq.
 */
export const TAPES: Readonly<Record<ListingExchange, string>> = {
  NASDAQ: 'C',
  NYSE: 'A',
  ARCA: 'B',
  AMEX: 'B',
};
/**
 * Where trades print that do not print on the listing exchange; D is the reporting facility of
 * trades off the exchanges.
 */
const OTHER_VENUES = ['D', 'P', 'Z', 'V', 'K', 'D'] as const;
const LISTING_SHARE = 0.55;
/** Shares below which a trade is an odd lot, which makes no price of a bar. */
export const ROUND_LOT = 100;

/** Shares on one side of the quote: seeded, one to ten round lots. */
export const quoteSize = (symbol: string, at_ms: number, side: 'bid' | 'ask'): number =>
  ROUND_LOT * (1 + Math.floor(10 * seededNumber(symbol, at_ms, side)));

/** Prices a bar passes through, in order, each corner once. */
const cornersOf = ({ open, high, low, close }: DayBar): number[] => {
  const path = close >= open ? [open, low, high, close] : [open, high, low, close];
  return path.filter((price, index) => index === 0 || price !== path[index - 1]);
};

/**
 * A stream of numbers in [0, 1) for one minute: mulberry32 from one seeded number, since a hash for
 * each number would take most of a step.
 */
const createNumbers = (...parts: readonly (string | number)[]): (() => number) => {
  let state = Math.floor(seededNumber(...parts) * 0x1_0000_0000) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
};

/**
 * `count` prices along the corners: every corner is one of them, the rest lie between neighbours.
 * Where there are fewer prints than corners the close comes first, then the open.
 */
const pricesAlong = (bar: DayBar, count: number): number[] => {
  const corners = cornersOf(bar);
  if (count === 1) return [bar.close];
  if (count < corners.length) return [...corners.slice(0, count - 1), bar.close];
  if (corners.length === 1) return new Array<number>(count).fill(bar.close);
  const segments = corners.length - 1;
  const prices: number[] = [];
  for (let segment = 0; segment < segments; segment += 1) {
    const from = corners[segment] as number;
    const to = corners[segment + 1] as number;
    // the prints between the corners, shared out as evenly as whole numbers allow
    const steps =
      Math.floor(((count - 1) * (segment + 1)) / segments) -
      Math.floor(((count - 1) * segment) / segments);
    prices.push(from);
    for (let step = 1; step < steps; step += 1)
      prices.push(
        Math.min(bar.high, Math.max(bar.low, onTick(from + ((to - from) * step) / steps))),
      );
  }
  prices.push(bar.close);
  return prices;
};

/**
 * Whole shares that add up to `volume`, at least one each; a fraction of a share, which only an odd
 * vendor has, goes to the last.
 */
const sizesOf = (volume: number, count: number, random: () => number): number[] => {
  const weights = Array.from({ length: count }, () => 0.2 + random());
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const spare = Math.max(0, Math.floor(volume) - count);
  const sizes: number[] = [];
  let reached = 0;
  let given = 0;
  for (let index = 0; index < count - 1; index += 1) {
    reached += weights[index] as number;
    const upTo = Math.floor((spare * reached) / total);
    sizes.push(1 + upTo - given);
    given = upTo;
  }
  const before = sizes.reduce((sum, size) => sum + size, 0);
  return [...sizes, volume - before];
};

type ConditionSets = Readonly<
  Record<'regular' | 'odd' | 'extended' | 'extended_odd' | 'opening' | 'closing', readonly string[]>
>;
const conditionSets = (regular: string): ConditionSets => ({
  regular: [regular],
  odd: [regular, 'I'],
  extended: [regular, 'T'],
  extended_odd: [regular, 'T', 'I'],
  opening: [regular, 'O'],
  closing: [regular, '6'],
});
const CONDITIONS = { C: conditionSets('@'), other: conditionSets(' ') };
/** Sale conditions in the alphabet of a tape. */
export const saleConditions = (tape: string): ConditionSets =>
  CONDITIONS[tape === 'C' ? 'C' : 'other'];

/** The id before those of a minute's prints, which follow it. */
export const idBefore = (start_ms: number): number =>
  Math.floor(start_ms / MINUTE_MS) * IDS_PER_MINUTE;
const REGULAR_QUOTE = ['R'] as const;

export const createTape = (market: Market): Tape => {
  const { time, day } = market;
  const auctions = new Map(
    (day.auctions ?? []).map(({ symbol, kind, size }) => [`${symbol} ${kind}`, size]),
  );

  const countOf = (bar: DayBar): number => {
    const wanted = Math.max(
      Math.min(Math.round(bar.trade_count), MOST_PRINTS),
      cornersOf(bar).length,
      1,
    );
    return Math.min(wanted, Math.floor(bar.volume));
  };

  /**
   * The sizes of a minute's prints; the first of the session is the opening auction and the last
   * the closing one, where the day tells how large they were.
   */
  const auctionAndOthers = (
    symbol: string,
    { minute, volume }: DayBar,
    count: number,
    random: () => number,
  ): number[] => {
    const kind =
      minute === time.open_minute ? 'open' : minute === time.close_minute - 1 ? 'close' : null;
    const told = kind && auctions.get(`${symbol} ${kind}`);
    if (!told || count === 1) return sizesOf(volume, count, random);
    const auction = Math.min(told, Math.floor(volume) - (count - 1));
    const others = sizesOf(volume - auction, count - 1, random);
    return kind === 'open' ? [auction, ...others] : [...others, auction];
  };

  const printsOf = (security: DaySecurity, minute: number): Print[] => {
    const { symbol } = security;
    const bar = market.barAt(symbol, minute);
    if (!bar || bar.volume < 1 || market.happening(symbol, 'halt', minute)) return [];
    const count = countOf(bar);
    const random = createNumbers(day.seed, symbol, minute, 'prints');
    const prices = pricesAlong(bar, count);
    const corners = new Set(cornersOf(bar));
    const sizes = auctionAndOthers(symbol, bar, count, random);
    const tape = TAPES[security.exchange];
    const conditions = saleConditions(tape);
    const listing = EXCHANGE_CODES[security.exchange];
    const regularHours = time.inRegularSession(minute);
    const start = time.startOf(minute);
    const firstId = idBefore(start);
    return prices.map((price, index) => {
      const isLast = index === count - 1;
      const size = sizes[index] as number;
      // The first print is always drawn a number, so that a longer bar does not shift the others.
      const place = random();
      const venue = random();
      const opening = index === 0 && minute === time.open_minute;
      const closing = isLast && minute === time.close_minute - 1;
      // Odd lots do not make a bar's prices, so a print that does is never called one.
      const odd = size < ROUND_LOT && !corners.has(price);
      const name = opening
        ? 'opening'
        : closing
          ? 'closing'
          : regularHours
            ? odd
              ? 'odd'
              : 'regular'
            : odd
              ? 'extended_odd'
              : 'extended';
      return {
        at_ms: isLast
          ? start + MINUTE_MS - LAST_PRINT_MS
          : start + 1 + Math.floor(((index + place) / count) * (MINUTE_MS - LAST_PRINT_MS)),
        id: firstId + index + 1,
        price,
        size,
        exchange:
          opening || closing || venue < LISTING_SHARE
            ? listing
            : (OTHER_VENUES[
                Math.floor(((venue - LISTING_SHARE) / (1 - LISTING_SHARE)) * OTHER_VENUES.length)
              ] as string),
        conditions: conditions[name],
        tape,
      };
    });
  };

  const pointAt = (security: DaySecurity, at_ms: number, bid: number, ask: number): QuotePoint => ({
    at_ms,
    bid,
    ask,
    bid_size: quoteSize(security.symbol, at_ms, 'bid'),
    ask_size: quoteSize(security.symbol, at_ms, 'ask'),
    exchange: EXCHANGE_CODES[security.exchange],
    conditions: REGULAR_QUOTE,
    tape: TAPES[security.exchange],
  });

  const quotesOf = (security: DaySecurity, minute: number): QuotePoint[] => {
    const { symbol } = security;
    if (market.happening(symbol, 'halt', minute)) return [];
    const wide = market.happening(symbol, 'wide_spread', minute);
    const stale = market.happening(symbol, 'stale_quote', minute);
    const points: QuotePoint[] = [];
    let last = Number.NaN;
    if (!stale) {
      // The last print's quote is the one that stands at the end of the minute.
      for (const { at_ms, price } of printsOf(security, minute).slice(0, -1)) {
        if (price === last) continue;
        last = price;
        const { bid, ask } = quoteAround(price, wide);
        points.push(pointAt(security, at_ms, bid.toNumber(), ask.toNumber()));
      }
    }
    // The quote that stands at the end of the minute, wherever something may have moved it.
    const boundary = minute + 1;
    const stillStale = stale && market.happening(symbol, 'stale_quote', boundary);
    const traded = market.barAt(symbol, minute) !== undefined;
    if (
      !stillStale &&
      (traded || stale || wide !== market.happening(symbol, 'wide_spread', boundary))
    ) {
      const quote = market.quote(symbol, boundary);
      if (quote)
        points.push(
          pointAt(security, time.startOf(boundary), quote.bid.toNumber(), quote.ask.toNumber()),
        );
    }
    return points;
  };

  const between = <T extends { at_ms: number }>(
    of: (security: DaySecurity, minute: number) => T[],
    symbol: string,
    after_ms: number,
    until_ms: number,
  ): T[] => {
    const security = market.listings.get(symbol)?.security;
    if (!security || until_ms <= after_ms) return [];
    // What belongs to a minute lies after its start, and at its end at the latest.
    const first = Math.max(0, Math.floor((after_ms - time.midnight_ms) / MINUTE_MS));
    const last = Math.min(
      MINUTES_PER_DAY - 1,
      Math.ceil((until_ms - time.midnight_ms) / MINUTE_MS) - 1,
    );
    const result: T[] = [];
    for (let minute = first; minute <= last; minute += 1) {
      for (const one of of(security, minute))
        if (one.at_ms > after_ms && one.at_ms <= until_ms) result.push(one);
    }
    return result;
  };

  return {
    trades: (symbol, after_ms, until_ms) => between(printsOf, symbol, after_ms, until_ms),
    quotes: (symbol, after_ms, until_ms) => between(quotesOf, symbol, after_ms, until_ms),
  };
};
