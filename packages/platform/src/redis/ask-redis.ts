import type { Cluster, Redis } from 'ioredis';

/** Nobody waits here for a server that comes back. */
const NEVER_AGAIN = { maxRetriesPerRequest: 0, retryStrategy: () => null } as const;

/** One address is a server, several with commas between them are nodes of a cluster. */
const clientOf = async (url: string, connectTimeout: number): Promise<Redis | Cluster> => {
  const { Cluster, Redis } = await import('ioredis');
  const nodes = url.split(',');
  // of a connection that was refused no end is told, and its timer would hold the process
  const options = { ...NEVER_AGAIN, connectTimeout, disconnectTimeout: 0 };
  if (nodes.length === 1) return new Redis(url, { ...options, lazyConnect: true });
  const { protocol, username, password } = new URL(nodes[0]!);
  return new Cluster(nodes, {
    lazyConnect: true,
    clusterRetryStrategy: () => null,
    redisOptions: {
      ...options,
      ...(username !== '' && { username: decodeURIComponent(username) }),
      ...(password !== '' && { password: decodeURIComponent(password) }),
      ...(protocol === 'rediss:' && { tls: {} }),
    },
  });
};

/**
 * One act at the Redis of this address. Throws when nothing answers there as Redis does within
 * `timeout_ms`: another program on the port may accept a connection and say nothing.
 */
export const withRedis = async <T>(
  url: string,
  timeout_ms: number,
  act: (client: Redis | Cluster) => Promise<T>,
): Promise<T> => {
  const client = await clientOf(url, timeout_ms);
  let fault = '';
  client.on('error', (error: Error) => (fault = error.message)); // says more than the rejected call
  let timer: NodeJS.Timeout | undefined;
  const too_late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeout_ms} ms`)), timeout_ms);
  });
  const asked = client.connect().then(() => act(client));
  asked.catch(() => undefined); // may fail after the race is lost
  try {
    return await Promise.race([asked, too_late]);
  } catch (error) {
    throw new Error(fault || (error as Error).message, { cause: error });
  } finally {
    clearTimeout(timer);
    client.disconnect();
  }
};

/** The process id of the Redis at this address, of a cluster's one that answers; throws as `withRedis`. */
export const askRedis = async (url: string, timeout_ms: number): Promise<number> =>
  Number(
    /process_id:(\d+)/.exec(
      await withRedis(url, timeout_ms, (client) => client.info('server')),
    )?.[1] ?? 0,
  );
