import type { DayBar, DaySecurity } from '../day/day.ts';
import { quoteAround, type BidAsk } from '../exchange/fill-model/spread.ts';
import { EXCHANGE_CODES, TAPES } from './listing-codes.ts';
import type { Market } from './market.ts';
import { idBefore, ROUND_LOT, saleConditions, type Print, type QuotePoint } from './print.ts';
import { cornersOf, createNumbers, MOST_PRINTS, pricesAlong, sizesOf } from './prints-along-bar.ts';
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

/**
 * How long before the end of its minute the last print stands, so that it belongs to that minute.
 */
const LAST_PRINT_MS = 2;

/**
 * What traded and was quoted in (after_ms, until_ms], oldest first. The caller sees to it that
 * `until_ms` is not in the future.
 */
export interface Tape {
  trades(symbol: string, after_ms: number, until_ms: number): Print[];
  quotes(symbol: string, after_ms: number, until_ms: number): QuotePoint[];
}
/**
 * Where trades print that do not print on the listing exchange; D is the reporting facility of
 * trades off the exchanges.
 */
const OTHER_VENUES = ['D', 'P', 'Z', 'V', 'K', 'D'] as const;
const LISTING_SHARE = 0.55;

/** Shares on one side of the quote: seeded, one to ten round lots. */
export const quoteSize = (symbol: string, at_ms: number, side: 'bid' | 'ask'): number =>
  ROUND_LOT * (1 + Math.floor(10 * seededNumber(symbol, at_ms, side)));
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

  const pointAt = (
    security: DaySecurity,
    at_ms: number,
    { bid, ask }: BidAsk,
    movedBy: string,
  ): QuotePoint => ({
    at_ms,
    bid: bid.toNumber(),
    ask: ask.toNumber(),
    moved_by: movedBy,
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
    const prints = printsOf(security, minute);
    let last = Number.NaN;
    if (!stale) {
      // The last print's quote is the one that stands at the end of the minute.
      for (const { at_ms, price, exchange } of prints.slice(0, -1)) {
        if (price === last) continue;
        last = price;
        points.push(pointAt(security, at_ms, quoteAround(price, wide), exchange));
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
      const movedBy = prints.at(-1)?.exchange ?? EXCHANGE_CODES[security.exchange];
      if (quote) points.push(pointAt(security, time.startOf(boundary), quote, movedBy));
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
