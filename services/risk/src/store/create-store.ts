import type { Database } from '@catalyst/service-kit';
import { createDecisionStore } from './decisions.ts';
import { createParameterStore } from './parameters.ts';
import { createReviewFactStore } from './review-facts.ts';
import { createStandingStore } from './standing.ts';

/** This service's only SQL. */
export const createStore = (database: Database) => ({
  query: database.query,
  transaction: database.transaction,
  ...createParameterStore(database),
  ...createStandingStore(),
  ...createReviewFactStore(database),
  ...createDecisionStore(),
});
export type Store = ReturnType<typeof createStore>;
