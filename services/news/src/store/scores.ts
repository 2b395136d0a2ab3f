import type { SymbolCatalyst } from '@catalyst/contracts';
import { toTimeId, type Instant } from '@catalyst/domain';
import type { Database, Queryable } from '@catalyst/service-kit';
import type { PreparedArticle } from '../domain/article.ts';
import { column } from './column.ts';

export type StoryRow = Omit<SymbolCatalyst, 'article_count'>;

/** What each article says of each symbol. */
export const createScoreStore = (database: Database) => ({
  saveScores: async (
    tx: Queryable,
    rows: readonly PreparedArticle[],
    seenAt: Instant,
  ): Promise<void> => {
    const scores = rows.flatMap((row) =>
      row.scores.map((score) => ({ article_id: row.article_id, ...score })),
    );
    if (scores.length === 0) return;
    const timeId = toTimeId(seenAt);
    await tx.query('SELECT get_or_create_times($1)', [[timeId]]);
    await tx.query(
      `INSERT INTO news_sentiment (article_id, security_id, time_id, sentiment, scored_by,
         catalyst_type, catalyst_strength, strength_parts, first_seen_at)
       SELECT n.article_id, s.security_id, $1, n.sentiment, n.scored_by, n.catalyst_type,
         n.strength, n.parts, $2
       FROM unnest($3::uuid[], $4::text[], $5::float8[], $6::text[], $7::text[], $8::float8[],
         $9::jsonb[]) AS n(article_id, symbol, sentiment, scored_by, catalyst_type, strength, parts)
       JOIN v_securities s USING (symbol) ON CONFLICT DO NOTHING`,
      [
        timeId,
        seenAt,
        column(scores, 'article_id'),
        column(scores, 'symbol'),
        column(scores, 'sentiment'),
        column(scores, 'scored_by'),
        column(scores, 'catalyst_type'),
        column(scores, 'strength'),
        scores.map((score) => JSON.stringify(score.parts)),
      ],
    );
  },

  /**
   * Each symbol's own stories (no repeats) published since `since` and seen by `now`; all symbols
   * when null.
   */
  readScoredStories: (
    symbols: readonly string[] | null,
    since: Instant,
    now: Instant,
  ): Promise<StoryRow[]> =>
    database.query<StoryRow>(
      `SELECT s.symbol, m.catalyst_type, m.catalyst_strength AS strength, m.sentiment, m.scored_by,
         m.article_id, n.headline, src.name AS source, n.published_at, m.first_seen_at
       FROM news_sentiment m JOIN news_raw n USING (article_id)
       JOIN news_sources src USING (source_id) JOIN v_securities s USING (security_id)
       WHERE m.time_id >= $1 AND m.time_id <= $2 AND m.first_seen_at <= $3 AND n.published_at >= $4
         AND ($5::text[] IS NULL OR s.symbol = ANY ($5))
       ORDER BY s.symbol, n.published_at, m.article_id`,
      [toTimeId(since), toTimeId(now), now, since, symbols],
    ),
});
