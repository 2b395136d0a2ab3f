import type { DayNews } from '../day/day.ts';
import type { Market } from './market.ts';
import { quoteSize } from './tape.ts';
import { EXCHANGE_CODES, TAPES } from './listing-codes.ts';
import { type Print, type QuotePoint } from './print.ts';
import { nanosecondsOf, textAfter } from '../nanoseconds.ts';
import { stamp } from './trading-time.ts';

export interface WireQuote {
  t: string;
  bx: string;
  bp: number;
  bs: number;
  ax: string;
  ap: number;
  as: number;
  c: readonly string[];
  z: string;
}

export interface WireTrade {
  t: string;
  x: string;
  p: number;
  s: number;
  c: readonly string[];
  i: number;
  z: string;
  /** What has become of a trade that no longer stands, or that it is a correction. */
  u?: NonNullable<Print['update']>;
}

/** When a trade or a quote was told. */
export const tickText = (kind: 'trade' | 'quote', symbol: string, at_ms: number): string =>
  textAfter(at_ms, nanosecondsOf(kind, symbol, at_ms));

export const toWireQuote = (symbol: string, quote: QuotePoint): WireQuote => ({
  t: tickText('quote', symbol, quote.at_ms),
  bx: quote.exchange,
  bp: quote.bid,
  bs: quote.bid_size,
  ax: quote.exchange,
  ap: quote.ask,
  as: quote.ask_size,
  c: quote.conditions,
  z: quote.tape,
});

export const toWireTrade = (symbol: string, print: Print): WireTrade => ({
  t: tickText('trade', symbol, print.at_ms),
  x: print.exchange,
  p: print.price,
  s: print.size,
  c: print.conditions,
  i: print.id,
  z: print.tape,
  ...(print.update ? { u: print.update } : {}),
});

/**
 * The standing quote after the finished minutes as Alpaca sends it; sizes are seeded, in shares.
 * Null before anything is known of the symbol.
 */
export const wireQuote = (market: Market, symbol: string, finished: number): WireQuote | null => {
  const quote = market.quote(symbol, finished);
  if (!quote) return null;
  const { security } = market.listings.get(symbol)!;
  const x = EXCHANGE_CODES[security.exchange];
  return {
    t: tickText('quote', symbol, quote.at_ms),
    bx: x,
    bp: quote.bid.toNumber(),
    bs: quoteSize(symbol, quote.at_ms, 'bid'),
    ax: x,
    ap: quote.ask.toNumber(),
    as: quoteSize(symbol, quote.at_ms, 'ask'),
    c: ['R'],
    z: TAPES[security.exchange],
  };
};

/** The last trade after the finished minutes: the close of the last one, printed at its end. */
export const wireTrade = (market: Market, symbol: string, finished: number): WireTrade | null => {
  const trade = market.lastTrade(symbol, finished);
  if (!trade) return null;
  const { security } = market.listings.get(symbol)!;
  const tape = TAPES[security.exchange];
  return {
    t: tickText('trade', symbol, trade.at_ms),
    x: EXCHANGE_CODES[security.exchange],
    p: trade.price,
    s: trade.size,
    c: [tape === 'C' ? '@' : ' '],
    i: Math.floor(trade.at_ms / 60_000),
    z: tape,
  };
};

/** What stands where the specification wants at least one character and the article has none. */
const NOTHING = ' ';

/** An article as it was known at `now`: a later revision's time is not shown before it happens. */
export const wireNews = (
  news: DayNews,
  now: number,
  includeContent: boolean,
): Record<string, unknown> => ({
  id: news.id,
  headline: news.headline || NOTHING,
  author: news.author || NOTHING,
  created_at: stamp(Date.parse(news.created_at)),
  updated_at: stamp(knownUpdate(news, now)),
  summary: news.summary || NOTHING,
  content: (includeContent && news.content) || NOTHING,
  url: news.url || null,
  images: [],
  symbols: news.symbols,
  source: news.source || NOTHING,
});

/** The newest of the article's times that is not after `now`, in milliseconds. */
export const knownUpdate = (news: DayNews, now: number): number => {
  const updated = Date.parse(news.updated_at);
  return updated <= now ? updated : Date.parse(news.created_at);
};
