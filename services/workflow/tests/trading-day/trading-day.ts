import type { workflowApi } from '@catalyst/contracts';
import type { Client } from '@catalyst/service-kit';
import type { FixtureFleet } from '../fixture-fleet/fixture-fleet.ts';

/** One autonomous day; each fact about it goes on where the one before it ended. */
export interface TradingDay {
  fleet: FixtureFleet;
  workflow(): Client<typeof workflowApi>;
  /** Known as soon as the day was opened. */
  cycle_id: string;
}
