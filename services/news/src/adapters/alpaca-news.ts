import type { BrokerMarketData } from '@catalyst/brokerage';
import { toInstant, type Instant } from '@catalyst/domain';
import type { RawArticle } from '../domain/article.ts';

/** A vendor of news. What it sends is as it came: text is hostile and symbols may be unknown. */
export interface NewsVendor {
  vendor: string;
  /**
   * Articles published or updated from `start` to `end`, oldest first. Throws AppError when the
   * vendor cannot be asked or answers garbage.
   */
  fetchArticles(start: Instant, end: Instant): Promise<RawArticle[]>;
}

export const createAlpacaNews = (marketData: Pick<BrokerMarketData, 'news'>): NewsVendor => ({
  vendor: 'alpaca',
  fetchArticles: async (start, end) =>
    (await marketData.news({ start, end })).map(
      ({ id, source, headline, summary, content, url, symbols, created_at }) => ({
        external_id: String(id),
        source,
        headline,
        summary,
        content,
        url,
        symbols,
        published_at: toInstant(created_at),
      }),
    ),
});
