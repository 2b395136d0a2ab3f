import type { Channel } from '@catalyst/contracts';
import type { EventBus, Listener } from '@catalyst/service-kit';
import { affectedResources } from './domain/affected-resources.ts';
import type { AdmitHolder } from './flows/admit-holder.ts';
import type { Door } from './mcp/open-door.ts';

interface Deps {
  bus: EventBus;
  door: Door;
  admitHolder: AdmitHolder;
  seen: (at: string) => void;
}

/**
 * Turns events of the fleet into notifications for whoever follows the resources that they change;
 * a revoked key's sessions end with it.
 */
export const listenToEvents = ({ bus, door, admitHolder, seen }: Deps): Promise<void> => {
  const listeners = Object.fromEntries(
    (Object.entries(affectedResources) as [Channel, (payload: never) => string[]][]).map(
      ([channel, affected]): [Channel, Listener] => [
        channel,
        (payload, { at }) => {
          seen(at);
          door.announce(affected(payload as never));
        },
      ],
    ),
  );
  return bus.subscribe({
    ...listeners,
    'catalyst:access_key_revoked': ({ key_id }) => {
      admitHolder.forget(key_id);
      door.endOf(key_id);
    },
  });
};
