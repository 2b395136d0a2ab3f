import type { Brokerage } from '@catalyst/brokerage';
import type { Clock, Log } from '@catalyst/runtime';
import type { OwnerLimits } from '../domain/owner-limits.ts';
import type { Profile } from '../home/profile.ts';
import type { DecisionStore } from '../store/decision-store.ts';
import type { LocalDatabase } from '../store/local-database.ts';
import type { OwnerStore } from '../store/owner-store.ts';
import type { SignalStore } from '../store/signal-store.ts';
import type { ClientEvent } from '../client-event.ts';

/** What every flow of a client works with. */
export interface ClientParts {
  profile: Profile;
  /** As the owner's file says now. */
  limits: () => OwnerLimits;
  broker: Brokerage;
  database: LocalDatabase;
  signals: SignalStore;
  decisions: DecisionStore;
  owner: OwnerStore;
  clock: Clock;
  log: Log;
  tell: (event: ClientEvent) => void;
}
