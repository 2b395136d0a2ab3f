import type { Channel } from '@catalyst/contracts';
import type { EventBus, Listener } from '@catalyst/service-kit';
import { affectedResources } from './domain/affected-resources.ts';
import type { Sessions } from './sessions.ts';

/**
 * Turns events of the fleet into notifications for whoever follows the resources that they change.
 */
export const listenToEvents = (
  bus: EventBus,
  sessions: Sessions,
  seen: (at: string) => void,
): Promise<void> => {
  const listeners = Object.fromEntries(
    (Object.entries(affectedResources) as [Channel, (payload: never) => string[]][]).map(
      ([channel, affected]): [Channel, Listener] => [
        channel,
        (payload, { at }) => {
          seen(at);
          sessions.announce(affected(payload as never));
        },
      ],
    ),
  );
  return bus.subscribe(listeners);
};
