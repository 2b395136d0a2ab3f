import type { Database } from '@catalyst/service-kit';
import { createArticleStore } from './articles.ts';
import { createCollectionStore } from './collections.ts';
import { createScoreStore } from './scores.ts';

/** This service's only SQL. */
export const createStore = (database: Database) => ({
  transaction: database.transaction,
  ...createCollectionStore(database),
  ...createArticleStore(database),
  ...createScoreStore(database),
});
export type Store = ReturnType<typeof createStore>;
