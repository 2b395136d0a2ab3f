import { Redis } from 'ioredis';
import { createOutage, type Log, outsideContext } from '@catalyst/runtime';

export interface RedisConnections {
  /** One more connection, which comes back by itself for as long as it is not closed. */
  connect(): Redis;
  close(): void;
}

/** The connections of one service to its Redis, with one story in the log for all of them. */
export const createRedisConnections = (url: string, log: Log): RedisConnections => {
  const outage = createOutage('redis', log);
  const open: Redis[] = [];
  let isClosing = false;
  return {
    connect: () => {
      const redis = outsideContext(
        () =>
          new Redis(url, {
            maxRetriesPerRequest: null,
            retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 2000),
            // a server that hangs is left and tried anew
            socketTimeout: 10_000,
          }),
      );
      open.push(redis);
      redis.on('error', (error: Error) => outage.away(error));
      redis.on('close', () => {
        if (!isClosing) outage.away(new Error('the connection was closed'));
      });
      redis.on('ready', () => {
        if (open.every(({ status }) => status === 'ready')) outage.back();
      });
      return redis;
    },
    close: () => {
      isClosing = true;
      for (const redis of open) redis.disconnect();
    },
  };
};
