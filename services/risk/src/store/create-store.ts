import type { Database } from '@catalyst/service-kit';
import { createDecisionStore } from './decisions.ts';
import { createParameterStore } from './parameters.ts';
import { createReviewFactStore } from './review-facts.ts';
import { createStandingStore } from './standing.ts';
import { tradingState } from './trading-state.ts';
import { readWatch } from './watched.ts';

/** This service's only SQL. */
export const createStore = (database: Database) => ({
  query: database.query,
  transaction: database.transaction,
  ...createParameterStore(database),
  ...tradingState,
  ...createStandingStore(),
  readWatch,
  ...createReviewFactStore(database),
  ...createDecisionStore(),
});
export type Store = ReturnType<typeof createStore>;
