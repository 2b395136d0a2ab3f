import type { newsApi } from '@catalyst/contracts';
import { later } from '@catalyst/domain';
import type { Clock, Handlers } from '@catalyst/service-kit';
import type { createCollectNews } from './flows/collect-news.ts';
import type { createQueryCatalysts } from './flows/query-catalysts.ts';
import type { Store } from './store/create-store.ts';

const HOUR_MS = 60 * 60_000;

interface Deps {
  store: Store;
  clock: Clock;
  collectNews: ReturnType<typeof createCollectNews>['collectNews'];
  queryCatalysts: ReturnType<typeof createQueryCatalysts>;
}

export const createRoutes = ({
  store,
  clock,
  collectNews,
  queryCatalysts,
}: Deps): Handlers<typeof newsApi> => ({
  collectNews: ({ body }) => collectNews(body.since),
  queryCatalysts: ({ body }) => queryCatalysts(body.symbols, body.hours),
  listArticles: async ({ query }) => {
    const now = clock.now();
    return {
      articles: await store.readArticles(
        query.symbol ?? null,
        later(now, -query.hours * HOUR_MS),
        now,
        query.limit,
      ),
    };
  },
});
