import type { newsApi } from '@catalyst/contracts';
import type { Handlers } from '@catalyst/service-kit';

/** News of which two articles are catalysts, and none is told. */
export const createFixtureNews = (clock: () => string): Handlers<typeof newsApi> => ({
  collectNews: () => ({
    collected: 3,
    stored: 2,
    duplicates: 1,
    refused: 0,
    catalysts: 2,
    degraded: [],
  }),
  queryCatalysts: () => ({ as_of: clock(), catalysts: [] }),
  listArticles: () => ({ articles: [] }),
});
