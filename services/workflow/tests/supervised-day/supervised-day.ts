import type { workflowApi } from '@catalyst/contracts';
import { stableId } from '@catalyst/domain';
import type { Client } from '@catalyst/service-kit';
import type { FixtureFleet } from '../fixture-fleet/fixture-fleet.ts';

/** One supervised day; each fact about it goes on where the one before it ended. */
export interface SupervisedDay {
  fleet: FixtureFleet;
  /** As the person who supervises asks it. */
  workflow(): Client<typeof workflowApi>;
  advanceTo(clock: string): ReturnType<Client<typeof workflowApi>['advanceReplay']>;
  cycle_id: string;
}

export const requestId = (name: string): string => stableId('test', name);
