import { catalystType, instant, symbol } from '@catalyst/domain';
import { z } from 'zod';
import { outsideText } from './outside-text.ts';
import { route } from './route.ts';

export const article = z.object({
  article_id: z.string(),
  source: z.string(),
  headline: outsideText,
  summary: outsideText,
  url: z.string().nullable(),
  published_at: instant,
  first_seen_at: instant,
  symbols: z.array(symbol),
});
export type Article = z.infer<typeof article>;

/** The strongest story of one symbol within the window, as known at `as_of`. */
export const symbolCatalyst = z.object({
  symbol,
  catalyst_type: catalystType,
  /** 0 to 1. */
  strength: z.number().min(0).max(1),
  /** -1 to +1. */
  sentiment: z.number().min(-1).max(1),
  scored_by: z.string(),
  article_id: z.string(),
  headline: outsideText,
  source: z.string(),
  published_at: instant,
  first_seen_at: instant,
  article_count: z.int().min(1),
});
export type SymbolCatalyst = z.infer<typeof symbolCatalyst>;

export const collection = z.object({
  collected: z.int(),
  stored: z.int(),
  duplicates: z.int(),
  refused: z.int(),
  catalysts: z.int(),
  /** Sources that could not be asked, with the reason; collection goes on without them. */
  degraded: z.array(z.object({ source: z.string(), reason: z.string() })),
});
export type Collection = z.infer<typeof collection>;

export const newsApi = {
  collectNews: route('POST', '/api/v1/news/collect', {
    summary:
      'Fetches what the sources published since the last collection, de-duplicates, scores and classifies it.',
    body: z.strictObject({
      cycle_id: z.uuid().nullable().default(null),
      /** Also what is older than a collection would begin with, from here on; a week at most. */
      since: instant.optional(),
    }),
    response: collection,
    repeatable: true,
  }),
  queryCatalysts: route('POST', '/api/v1/catalysts/query', {
    summary:
      'The strongest story of each symbol that had news within the window, as known now; ordered by symbol.',
    body: z.strictObject({
      symbols: z.array(symbol).max(500).nullable().default(null),
      hours: z.number().positive().max(168).default(24),
    }),
    response: z.object({
      as_of: instant,
      catalysts: z.array(symbolCatalyst),
      /**
       * Why stories may be missing or older than they should be; empty when the last collection of
       * each source went well.
       */
      degraded: z.array(z.string()).default([]),
    }),
    scope: 'read',
    repeatable: true,
  }),
  listArticles: route('GET', '/api/v1/articles', {
    summary: 'Stored articles, newest first.',
    query: z.strictObject({
      symbol: symbol.optional(),
      hours: z.coerce.number().positive().max(168).default(24),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    response: z.object({ articles: z.array(article) }),
  }),
};
