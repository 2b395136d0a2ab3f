import type { ServiceName } from '@catalyst/contracts';

/** A program of the desk that is none of its services. */
export type PartName = 'postgres' | 'redis';

/** What happens to a service, or to a part that it stands on, for whoever watches. */
export type ProcessEvent = {
  service: ServiceName | PartName;
  event: 'started' | 'ready' | 'exited' | 'start_failed' | 'given_up';
  pid: number | null;
  detail: string;
};
