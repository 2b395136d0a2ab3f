import { toDecimalString, toTimeId, type Bar } from '@catalyst/domain';
import { z } from 'zod';
import { wireInstant, wireStamp, wireText } from './primitives.ts';

const nextPageToken = wireText.transform((token) => token || null);

/**
 * Prices may be anything finite here: who stores bars refuses those that break OHLC, with the
 * reason.
 */
export const wireBar = z
  .object({
    t: wireStamp,
    o: z.number(),
    h: z.number(),
    l: z.number(),
    c: z.number(),
    v: z.number(),
  })
  .transform(({ t, o, h, l, c, v }): Bar => ({
    time_id: toTimeId(t),
    open: o,
    high: h,
    low: l,
    close: c,
    volume: v,
  }));
export const wireBarsPage = z.object({
  bars: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((bars) => bars ?? {}),
  next_page_token: nextPageToken,
});

/** A price of 0 means that there is no such side in the book. */
export const wireQuote = z
  .object({ t: wireInstant, ap: z.number(), as: z.number(), bp: z.number(), bs: z.number() })
  .transform(({ t, ap, as: askSize, bp, bs }) => ({
    quoted_at: t,
    ask_price: toDecimalString(ap),
    ask_size: askSize,
    bid_price: toDecimalString(bp),
    bid_size: bs,
  }));
export type BrokerQuote = z.output<typeof wireQuote>;
export const wireQuotes = z.object({
  quotes: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((quotes) => quotes ?? {}),
});

/** A stock's last trade as its feed has it. */
export const wireTrade = z
  .object({ t: wireInstant, p: z.number().positive() })
  .transform(({ t, p }) => ({ traded_at: t, price: toDecimalString(p) }));
export type BrokerTrade = z.output<typeof wireTrade>;
export const wireTrades = z.object({
  trades: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((trades) => trades ?? {}),
});

const stamped = z.object({ t: wireInstant }).nullish();
/** When a stock was last traded or quoted; null where it never was. */
export const wirePriceTime = z
  .object({ latestTrade: stamped, latestQuote: stamped })
  .transform(({ latestTrade, latestQuote }) => {
    const [traded, quoted] = [latestTrade?.t ?? null, latestQuote?.t ?? null];
    return quoted === null || (traded !== null && traded > quoted) ? traded : quoted;
  });
export const wireSnapshots = z.record(z.string(), z.unknown());

export const wireMostActive = z.object({
  symbol: z.string().min(1),
  volume: z.number().min(0),
  trade_count: z.number().min(0),
});
export type MostActive = z.output<typeof wireMostActive>;
export const wireMostActives = z.object({
  most_actives: z.array(z.unknown()),
  last_updated: wireInstant,
});

export const wireArticle = z.object({
  id: z.int(),
  headline: z.string(),
  summary: wireText,
  content: wireText,
  author: wireText,
  source: z.string(),
  url: wireText.transform((url) => url || null),
  symbols: z.array(z.string()),
  created_at: wireInstant,
  updated_at: wireInstant,
});
export type BrokerArticle = z.output<typeof wireArticle>;
export const wireNewsPage = z.object({
  news: z.array(z.unknown()),
  next_page_token: nextPageToken,
});

const date = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d/)
  .transform((text) => text.slice(0, 10));
export const wireSplit = z.object({
  symbol: z.string().min(1),
  ex_date: date,
  new_rate: z.number().positive(),
  old_rate: z.number().positive(),
});
export const wireDividend = z.object({
  symbol: z.string().min(1),
  ex_date: date,
  rate: z.number(),
});

/** By the vendor's name of the kind. */
export const wireCorporateActionsPage = z.object({
  corporate_actions: z.record(z.string(), z.unknown()),
  next_page_token: nextPageToken,
});

/** A split's rates are shares after and before; `cash_usd` is dollars per share. */
export type BrokerCorporateAction =
  | {
      symbol: string;
      ex_date: string;
      action_type: 'forward_split' | 'reverse_split';
      new_rate: string;
      old_rate: string;
      cash_usd: null;
    }
  | {
      symbol: string;
      ex_date: string;
      action_type: 'cash_dividend';
      new_rate: null;
      old_rate: null;
      cash_usd: string;
    };
