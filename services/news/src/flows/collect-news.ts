import type { Collection } from '@catalyst/contracts';
import { later, stableId, type Instant } from '@catalyst/domain';
import {
  AppError,
  type Clock,
  type EventBus,
  type Log,
  type Queryable,
} from '@catalyst/service-kit';
import type { NewsVendor } from '../adapters/alpaca-news.ts';
import { isStrong, type PreparedArticle, type RawArticle } from '../domain/article.ts';
import { prepareArticles } from '../domain/prepare-articles.ts';
import { weighSource, type SourceTiers } from '../domain/source-tiers.ts';
import type { SourceCount } from '../store/articles.ts';
import type { Store } from '../store/create-store.ts';
import type { KnowTickers } from './know-tickers.ts';

// vendors release some articles late or correct them; what was stored is known by its id
const OVERLAP_MS = 10 * 60_000;
const LONGEST_MS = 7 * 24 * 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
const DUPLICATE_WINDOW_MS = 48 * 60 * 60_000;

interface Deps {
  store: Store;
  vendor: NewsVendor;
  clock: Clock;
  bus: EventBus;
  log: Log;
  tiers: () => SourceTiers;
  knowTickers: KnowTickers;
}

const NOTHING = { collected: 0, stored: 0, duplicates: 0, refused: 0, catalysts: 0 };

const countBySource = (articles: readonly PreparedArticle[]): SourceCount[] => {
  const counts = new Map<string, SourceCount>();
  for (const { source, catalyst_type, duplicate_of } of articles) {
    const key = JSON.stringify([source, catalyst_type]);
    const count = counts.get(key) ?? { source, catalyst_type, articles: 0, duplicates: 0 };
    counts.set(key, {
      ...count,
      articles: count.articles + (duplicate_of === null ? 1 : 0),
      duplicates: count.duplicates + (duplicate_of === null ? 0 : 1),
    });
  }
  return [...counts.values()];
};

/**
 * Collects what the vendor published since the last collection. `collected` counts what it sent,
 * `stored` what was new (`duplicates` of it repeat a story), `refused` what cannot be believed,
 * `catalysts` the strong ones. A vendor that cannot be asked degrades the answer. All of one
 * collection is one transaction; the same collection again (same step) gives the stored answer.
 * `since` reaches back further than that, for a session that is over.
 */
export const createCollectNews = ({ store, vendor, clock, bus, log, tiers, knowTickers }: Deps) => {
  let fault: string | null = null;

  /**
   * Where a collection starts: a little before the end of the last one, at first where yesterday's
   * news begins.
   */
  const startOf = async (collectedTo: Instant | undefined, now: Instant): Promise<Instant> => {
    if (collectedTo !== undefined) return later(collectedTo, -OVERLAP_MS);
    const dayAgo = later(now, -DAY_MS);
    const close = await store.readPreviousClose(now);
    return close !== undefined && close < dayAgo ? close : dayAgo;
  };

  const collectNews = async (since?: Instant): Promise<Collection> => {
    const now = clock.now();
    const more = since === undefined ? [] : [since];
    const collectionId = stableId('news_collection', vendor.vendor, now, ...more);
    const row = { collection_id: collectionId, vendor: vendor.vendor, ran_at: now };
    const [last, findTickers] = await Promise.all([
      store.readLastCollection(vendor.vendor),
      knowTickers(),
    ]);
    if (last?.collection_id === collectionId) {
      const { collection_id: _, collected_to: __, ...counts } = last;
      return { ...counts, degraded: [] };
    }
    const usual = await startOf(last?.collected_to, now);
    const wanted = since === undefined ? usual : [since, later(now, -LONGEST_MS)].sort()[1]!;
    const start = wanted < usual ? wanted : usual;

    const degrade = async (reason: string): Promise<Collection> => {
      fault = reason;
      log.warn('news_source_degraded', { source: vendor.vendor, reason });
      await store.saveCollection({ ...row, collected_to: start, error: reason }, NOTHING);
      return { ...NOTHING, degraded: [{ source: vendor.vendor, reason }] };
    };

    if (findTickers === null)
      return degrade(
        'no securities are known yet: the reference data have to be synchronised first',
      );
    let sent;
    try {
      sent = await vendor.fetchArticles(start, now);
    } catch (error) {
      if (error instanceof AppError) return degrade(error.message);
      throw error;
    }
    const articles = [...new Map(sent.map((article) => [article.external_id, article])).values()];

    const isKnown = async (db?: Queryable): Promise<(article: RawArticle) => boolean> => {
      const ids = articles.map(({ external_id }) => external_id);
      const known = ids.length === 0 ? new Set() : await store.readKnownIds(vendor.vendor, ids, db);
      return ({ external_id }) => known.has(external_id);
    };

    // most collections bring only what the overlap brings again
    if (articles.every(await isKnown())) {
      const counts = { ...NOTHING, collected: articles.length };
      await store.saveCollection({ ...row, collected_to: now, error: null }, counts);
      fault = null;
      return { ...counts, degraded: [] };
    }

    const counts = await store.transaction(async (tx) => {
      await store.lockCollections(tx);
      const meanwhile = await store.readCollection(tx, collectionId);
      if (meanwhile) return meanwhile;
      // another process may have stored some of them before the lock was ours
      const isStored = await isKnown(tx);
      const fresh = articles.filter((article) => !isStored(article));
      const earlier = await store.readStories(tx, later(now, -DUPLICATE_WINDOW_MS));
      const weights = tiers();
      const { prepared, refused } = prepareArticles(fresh, {
        vendor: vendor.vendor,
        now,
        earlier,
        findTickers,
        weighSource: (source) => weighSource(weights, source).weight,
      });
      const strong = prepared.flatMap((article) =>
        article.scores.filter(isStrong).map((score) => ({ article, score })),
      );
      const result = {
        collected: articles.length,
        stored: prepared.length,
        duplicates: prepared.filter((article) => article.duplicate_of !== null).length,
        refused: refused.length,
        catalysts: strong.length,
      };
      if (prepared.length > 0) {
        await store.saveSources(
          tx,
          [...new Set(prepared.map((article) => article.source))].map((name) => ({
            name,
            tier: weighSource(weights, name).tier,
          })),
        );
        await store.saveArticles(tx, vendor.vendor, prepared, now);
        await store.saveScores(tx, prepared, now);
        await store.addSourceCounts(tx, countBySource(prepared), now);
      }
      await store.saveCollection({ ...row, collected_to: now, error: null }, result, tx);
      for (const { article, score } of strong) {
        bus.stage(tx, 'catalyst:news_catalyst', {
          symbol: score.symbol,
          catalyst_type: score.catalyst_type,
          strength: score.strength,
          sentiment: score.sentiment,
          article_id: article.article_id,
          source: article.source,
        });
      }
      if (refused.length > 0)
        log.warn('articles_refused', {
          source: vendor.vendor,
          refused: refused.slice(0, 10),
          count: refused.length,
        });
      return result;
    });
    fault = null;
    return { ...counts, degraded: [] };
  };

  return {
    collectNews,
    /** Remembers over a restart that the last collection failed. */
    recallFault: async (): Promise<void> => {
      fault = await store.readLastError(vendor.vendor);
    },
    /** Why news is older than it should be; empty when all is well. */
    notes: (): string[] =>
      fault === null ? [] : [`${vendor.vendor} news is degraded, stored news is used: ${fault}`],
  };
};
