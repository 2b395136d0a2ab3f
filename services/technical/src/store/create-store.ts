import type { Database } from '@catalyst/service-kit';
import { createBarStore } from './bars.ts';
import { createMeasurementStore } from './measurements.ts';
import { createReferenceStore } from './reference.ts';
import { createStatusStore } from './statuses.ts';

/** This service's only SQL. */
export const createStore = (database: Database) => ({
  transaction: database.transaction,
  ...createReferenceStore(database),
  ...createBarStore(database),
  ...createMeasurementStore(database),
  ...createStatusStore(database),
});
export type Store = ReturnType<typeof createStore>;
