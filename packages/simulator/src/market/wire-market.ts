import type { Exact } from '@catalyst/domain';
import type { DayNews, DaySecurity } from '../day/day.ts';
import type { Market } from './market.ts';
import { seededNumber } from './seeded-number.ts';
import { stamp } from './trading-time.ts';

const EXCHANGE_CODES = { NASDAQ: 'Q', NYSE: 'N', ARCA: 'P', AMEX: 'A' } as const;
const TAPES = { NASDAQ: 'C', NYSE: 'A', ARCA: 'B', AMEX: 'B' } as const;

const quoteSize = (security: DaySecurity, at: number, side: string): number => 100 * (1 + Math.floor(10 * seededNumber(security.symbol, at, side)));
const toNumber = (price: Exact): number => price.toNumber();

/** The standing quote as Alpaca sends it; sizes are seeded, in shares. Null before anything is known of the symbol. */
export const wireQuote = (market: Market, symbol: string, finished: number): Record<string, unknown> | null => {
  const quote = market.quote(symbol, finished);
  if (!quote) return null;
  const { security } = market.listings.get(symbol)!;
  const x = EXCHANGE_CODES[security.exchange];
  return {
    t: stamp(quote.at_ms), bx: x, bp: toNumber(quote.bid), bs: quoteSize(security, quote.at_ms, 'bid'),
    ax: x, ap: toNumber(quote.ask), as: quoteSize(security, quote.at_ms, 'ask'), c: ['R'], z: TAPES[security.exchange],
  };
};

/** The last trade as Alpaca sends it: the close of the last finished minute, printed at its end. */
export const wireTrade = (market: Market, symbol: string, finished: number): Record<string, unknown> | null => {
  const trade = market.lastTrade(symbol, finished);
  if (!trade) return null;
  const { security } = market.listings.get(symbol)!;
  return { t: stamp(trade.at_ms), x: EXCHANGE_CODES[security.exchange], p: trade.price, s: trade.size, c: ['@'], i: Math.floor(trade.at_ms / 60_000), z: TAPES[security.exchange] };
};

/** What stands where the specification wants at least one character and the article has none. */
const NOTHING = ' ';

/** An article as it was known at `now`: a later revision's time is not shown before it happens. */
export const wireNews = (news: DayNews, now: number, includeContent: boolean): Record<string, unknown> => ({
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
