import { randomUUID } from 'node:crypto';
import type { Channel, EventPayload } from '@catalyst/contracts';
import { sharedRedis } from '@catalyst/platform';
import { Redis } from 'ioredis';

let seq = 0;
/** Publishes an event as a service of this run does after its commit. */
export const publishAs = async <C extends Channel>(
  run_id: string,
  name: C,
  payload: EventPayload<C>,
): Promise<void> => {
  const { url } = await sharedRedis();
  const redis = new Redis(url);
  await redis.publish(
    name,
    JSON.stringify({
      id: randomUUID(),
      name,
      version: 1,
      seq: (seq += 1),
      at: '2026-03-10T15:00:00.000Z',
      source: 'workflow',
      run_id,
      request_id: 'r',
      causation_id: null,
      payload,
    }),
  );
  redis.disconnect();
};
