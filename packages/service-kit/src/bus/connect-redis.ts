import { createOutage, type Log, outsideContext } from '@catalyst/runtime';
import { Cluster, Redis } from 'ioredis';

/** A server, or a cluster of them, which takes the same commands. */
export type RedisConnection = Redis | Cluster;

const BACK_OFF = (attempt: number): number => Math.min(50 * 2 ** attempt, 2000);

const OPTIONS = {
  // a server that hangs is left and tried anew
  socketTimeout: 10_000,
} as const;

/** What becomes of a command whose connection breaks before it is answered: it waits for the next, or fails. */
type Broken = 'waits' | 'fails';

/** One address is a server, several with commas between them are nodes of a cluster. */
const open = (url: string, broken: Broken): RedisConnection => {
  const own = { ...OPTIONS, maxRetriesPerRequest: broken === 'waits' ? null : 0 };
  const nodes = url.split(',');
  if (nodes.length === 1) return new Redis(url, { ...own, retryStrategy: BACK_OFF });
  const [{ protocol, password, username }] = nodes.map((node) => new URL(node)) as [URL];
  return new Cluster(nodes, {
    clusterRetryStrategy: BACK_OFF,
    redisOptions: {
      ...own,
      ...(password !== '' && { password: decodeURIComponent(password) }),
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(protocol === 'rediss:' && { tls: {} }),
    },
  });
};

export interface RedisConnections {
  /** One more connection, which comes back by itself for as long as it is not closed. */
  connect(broken?: Broken): RedisConnection;
  close(): void;
}

/** The connections of one service to its Redis, with one story in the log for all of them. */
export const createRedisConnections = (url: string, log: Log): RedisConnections => {
  const outage = createOutage('redis', log);
  const connected: RedisConnection[] = [];
  let isClosing = false;
  return {
    connect: (broken = 'waits') => {
      const redis = outsideContext(() => open(url, broken));
      connected.push(redis);
      redis.on('error', (error: Error) => outage.away(error));
      redis.on('close', () => {
        if (!isClosing) outage.away(new Error('the connection was closed'));
      });
      redis.on('ready', () => {
        if (connected.every(({ status }) => status === 'ready')) outage.back();
      });
      return redis;
    },
    close: () => {
      isClosing = true;
      for (const redis of connected.splice(0)) redis.disconnect();
    },
  };
};
