import type { Article } from '@catalyst/contracts';
import type { CatalystType, Instant } from '@catalyst/domain';
import type { Database, Queryable } from '@catalyst/service-kit';
import type { PreparedArticle } from '../domain/article.ts';
import type { Company } from '../domain/find-tickers.ts';
import type { StoredStory } from '../domain/prepare-articles.ts';
import type { Tier } from '../domain/source-tiers.ts';
import { column } from './column.ts';

export interface SourceCount {
  source: string;
  catalyst_type: CatalystType;
  articles: number;
  duplicates: number;
}

/** Articles with their symbols and sources, and the companies that they may be about. */
export const createArticleStore = (database: Database) => ({
  /** Changes when a security is added, goes or is renamed; empty where none is known. */
  readSecuritiesMark: async (): Promise<string> => {
    const [row] = await database.query<{ mark: string | null }>(
      `SELECT count(*) || ':' || sum(hashtext(symbol || ' ' || name)::int8) AS mark
       FROM v_securities`,
    );
    return row?.mark ?? '';
  },

  readCompanies: (): Promise<Company[]> =>
    database.query<Company>('SELECT symbol, name FROM v_securities ORDER BY symbol'),

  readKnownIds: async (
    vendor: string,
    externalIds: readonly string[],
    db: Queryable = database,
  ): Promise<Set<string>> =>
    new Set(
      column(
        await db.query<{ external_id: string }>(
          'SELECT external_id FROM news_raw WHERE vendor = $1 AND external_id = ANY ($2)',
          [vendor, externalIds],
        ),
        'external_id',
      ),
    ),

  /**
   * Stories first seen since then, the first told first; a repeat goes under the id of what it
   * repeats.
   */
  readStories: (db: Queryable, since: Instant): Promise<StoredStory[]> =>
    db.query<StoredStory>(
      `SELECT coalesce(n.duplicate_of, n.article_id) AS id, n.content_hash, n.headline,
         ARRAY(SELECT s.symbol FROM news_symbols x JOIN v_securities s USING (security_id)
           WHERE x.article_id = n.article_id ORDER BY s.symbol) AS symbols
       FROM news_raw n WHERE n.first_seen_at >= $1 ORDER BY n.published_at, n.article_id`,
      [since],
    ),

  saveSources: async (
    tx: Queryable,
    rows: readonly { name: string; tier: Tier }[],
  ): Promise<void> => {
    await tx.query(
      `INSERT INTO news_sources (name, tier) SELECT * FROM unnest($1::text[], $2::smallint[])
       ORDER BY 1
       ON CONFLICT (name) DO UPDATE SET tier = excluded.tier
       WHERE news_sources.tier <> excluded.tier`,
      [column(rows, 'name'), column(rows, 'tier')],
    );
  },

  saveArticles: async (
    tx: Queryable,
    vendor: string,
    rows: readonly PreparedArticle[],
    seenAt: Instant,
  ): Promise<void> => {
    await tx.query(
      `INSERT INTO news_raw (article_id, source_id, vendor, external_id, headline, summary, content,
         url, content_hash, duplicate_of, published_at, first_seen_at)
       SELECT n.article_id, s.source_id, $1, n.external_id, n.headline, n.summary, n.content, n.url,
         n.content_hash, n.duplicate_of, n.published_at, $2
       FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
         $9::text[], $10::text[], $11::uuid[], $12::timestamptz[])
         AS n(article_id, source, external_id, headline, summary, content, url, content_hash,
           duplicate_of, published_at)
       JOIN news_sources s ON s.name = n.source ON CONFLICT DO NOTHING`,
      [
        vendor,
        seenAt,
        column(rows, 'article_id'),
        column(rows, 'source'),
        column(rows, 'external_id'),
        column(rows, 'headline'),
        column(rows, 'summary'),
        column(rows, 'content'),
        column(rows, 'url'),
        column(rows, 'content_hash'),
        column(rows, 'duplicate_of'),
        column(rows, 'published_at'),
      ],
    );
    const found = rows.flatMap((row) =>
      row.tickers.map(({ symbol, found_by }) => ({ article_id: row.article_id, symbol, found_by })),
    );
    await tx.query(
      `INSERT INTO news_symbols (article_id, security_id, found_by)
       SELECT n.article_id, s.security_id, n.found_by
       FROM unnest($1::uuid[], $2::text[], $3::text[]) AS n(article_id, symbol, found_by)
       JOIN v_securities s USING (symbol)
       ON CONFLICT DO NOTHING`,
      [column(found, 'article_id'), column(found, 'symbol'), column(found, 'found_by')],
    );
  },

  addSourceCounts: async (
    tx: Queryable,
    rows: readonly SourceCount[],
    at: Instant,
  ): Promise<void> => {
    await tx.query(
      `INSERT INTO source_metrics AS held (source_id, catalyst_type, articles, duplicates,
         updated_at)
       SELECT s.source_id, n.catalyst_type, n.articles, n.duplicates, $1
       FROM unnest($2::text[], $3::text[], $4::integer[], $5::integer[])
       AS n(source, catalyst_type, articles, duplicates)
       JOIN news_sources s ON s.name = n.source ORDER BY 1, 2
       ON CONFLICT (source_id, catalyst_type) DO UPDATE
       SET articles = held.articles + excluded.articles,
         duplicates = held.duplicates + excluded.duplicates, updated_at = excluded.updated_at`,
      [
        at,
        column(rows, 'source'),
        column(rows, 'catalyst_type'),
        column(rows, 'articles'),
        column(rows, 'duplicates'),
      ],
    );
  },

  readArticles: (
    symbol: string | null,
    since: Instant,
    now: Instant,
    limit: number,
  ): Promise<Article[]> =>
    database.query<Article>(
      `SELECT n.article_id, src.name AS source, n.headline, n.summary, n.url, n.published_at,
         n.first_seen_at,
         ARRAY(SELECT s.symbol FROM news_symbols x JOIN v_securities s USING (security_id)
           WHERE x.article_id = n.article_id ORDER BY s.symbol) AS symbols
       FROM news_raw n JOIN news_sources src USING (source_id)
       WHERE n.first_seen_at >= $2 AND n.first_seen_at <= $3 AND n.published_at >= $2
         AND ($1::text IS NULL OR EXISTS (SELECT 1 FROM news_symbols x JOIN v_securities s
           USING (security_id) WHERE x.article_id = n.article_id AND s.symbol = $1))
       ORDER BY n.published_at DESC, n.article_id LIMIT $4`,
      [symbol, since, now, limit],
    ),
});
