import type { DayNews } from '../day/day.ts';
import type { DataEvent } from './data-stream.ts';
import { WireInstant } from './wire-instant.ts';

/**
 * The article as it was at `at_ms`: its own time as `updated_at` until the revision. In msgpack its
 * times are timestamps, as alpaca-py reads them.
 */
const newsMessage = (news: DayNews, at_ms: number): object => ({
  T: 'n',
  id: news.id,
  headline: news.headline,
  summary: news.summary,
  author: news.author,
  created_at: new WireInstant(Date.parse(news.created_at)),
  updated_at: new WireInstant(at_ms),
  url: news.url,
  content: news.content,
  symbols: news.symbols,
  source: news.source,
});

export interface NewsFeed {
  /** Articles created and revised in (after_ms, until_ms], ordered by time, then id. */
  between(after_ms: number, until_ms: number): DataEvent[];
}

export const createNewsFeed = (news: readonly DayNews[]): NewsFeed => {
  const told = news
    .flatMap((article) =>
      [...new Set([Date.parse(article.created_at), Date.parse(article.updated_at)])].map(
        (at_ms) => ({ article, at_ms }),
      ),
    )
    .sort((left, right) => left.at_ms - right.at_ms || left.article.id - right.article.id);
  return {
    between: (after_ms, until_ms) =>
      told
        .filter(({ at_ms }) => at_ms > after_ms && at_ms <= until_ms)
        .map(({ article, at_ms }) => ({
          channel: 'news',
          symbols: article.symbols,
          message: newsMessage(article, at_ms),
        })),
  };
};
