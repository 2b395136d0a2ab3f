import { createRedisConnections, type Log } from '@catalyst/service-kit';
import type {
  EventStore,
  InitializeRequest,
  JSONRPCMessage,
  JSONRPCNotification,
} from '@modelcontextprotocol/server';

/** What any copy of this service needs to go on with a session that another opened. */
export interface SessionRecord {
  holder: string;
  key_id: string;
  /** What the key was granted when lists were last told of. */
  scopes: string;
  /** The client's own first words, said again to a copy that has not heard them. */
  initialize: InitializeRequest & { jsonrpc: '2.0'; id: string | number };
  version: string;
}

interface Options {
  redis_url: string;
  /** Separates the runs that share a Redis. */
  run_id: string;
  log: Log;
  /** A session that nobody uses for so long is forgotten. */
  idle_s: number;
}

/** Of which stream an event is. */
const streamOf = (event: string): string => event.slice(0, Math.max(0, event.lastIndexOf('~')));

/** Messages of a stream that a client may have missed and can ask for again. */
const KEPT_EVENTS = 200;

/**
 * Sessions, what they follow and the streams that can be taken up again, in Redis, so that any copy
 * serves any request. While Redis is away each copy knows its own alone.
 */
export const createSharedState = ({ redis_url, run_id, log, idle_s }: Options) => {
  const connections = createRedisConnections(redis_url, log);
  const redis = connections.connect('fails');
  const hearing = connections.connect();
  const keyOf = (...parts: string[]) => ['mcp', run_id, ...parts].join(':');
  let sequence = 0;

  /** What Redis says, or what is given where it is away. */
  const asked = async <T>(ask: () => Promise<T>, otherwise: T): Promise<T> => {
    if (redis.status !== 'ready') return otherwise;
    try {
      return await ask();
    } catch (error) {
      log.debug('mcp_state_unread', { error });
      return otherwise;
    }
  };
  const told = (tell: () => Promise<unknown>): void => void asked(tell, null);
  const CANCELLED = keyOf('cancelled');

  return {
    redis,
    /** Tells all copies that a client takes a request of its session back. */
    cancel: (id: string, notification: JSONRPCNotification): void =>
      told(() => redis.publish(CANCELLED, JSON.stringify([id, notification]))),
    /** Hears of what `cancel` tells, at this copy too. */
    onCancelled: (hear: (id: string, notification: JSONRPCNotification) => void): void => {
      hearing.on('message', (_channel: string, text: string) =>
        hear(...(JSON.parse(text) as [string, JSONRPCNotification])),
      );
      hearing
        .subscribe(CANCELLED)
        .catch((error: unknown) => log.warn('mcp_cancellations_unheard', { error }));
    },
    save: async (id: string, record: SessionRecord): Promise<void> => {
      await asked(
        () => redis.set(keyOf('session', id), JSON.stringify(record), 'EX', idle_s),
        null,
      );
    },
    find: (id: string): Promise<SessionRecord | null> =>
      asked(async () => {
        const text = await redis.get(keyOf('session', id));
        return text === null ? null : (JSON.parse(text) as SessionRecord);
      }, null),
    /** Whether a session goes on, for another while; true where nobody can say. */
    renew: (id: string): Promise<boolean> =>
      asked(async () => {
        const [isThere] = await Promise.all([
          redis.expire(keyOf('session', id), idle_s),
          redis.expire(keyOf('followed', id), idle_s),
        ]);
        return isThere === 1;
      }, true),
    forget: (id: string): void =>
      told(() => Promise.all([redis.del(keyOf('session', id)), redis.del(keyOf('followed', id))])),
    follow: async (id: string, uri: string): Promise<void> => {
      const key = keyOf('followed', id);
      await asked(() => Promise.all([redis.sadd(key, uri), redis.expire(key, idle_s)]), null);
    },
    unfollow: async (id: string, uri: string): Promise<void> => {
      await asked(() => redis.srem(keyOf('followed', id), uri), 0);
    },
    /** What each of these sessions follows; null where nobody can say. */
    followedBy: (ids: readonly string[]): Promise<string[][] | null> =>
      asked(() => Promise.all(ids.map((id) => redis.smembers(keyOf('followed', id)))), null),
    /** Tells all copies that nothing comes on a stream any more. */
    endStream: async (id: string, stream: string): Promise<void> => {
      const key = keyOf('ended', id);
      await asked(() => Promise.all([redis.sadd(key, stream), redis.expire(key, idle_s)]), null);
    },
    /** Whether the stream of an event is one of those. */
    isEnded: (id: string, event: string): Promise<boolean> =>
      asked(async () => (await redis.sismember(keyOf('ended', id), streamOf(event))) === 1, false),
    /** The messages of a session's streams; written behind the answer, which waits for nothing. */
    eventsOf: (session: () => string | undefined): EventStore => {
      const streamKey = (stream: string) => keyOf('stream', session() ?? 'none', stream);
      return {
        storeEvent: async (stream, message) => {
          sequence += 1;
          const id = `${stream}~${Date.now().toString(36)}-${sequence.toString(36)}`;
          // the first of a stream only says that it can be taken up
          if (Object.keys(message).length > 0)
            told(() =>
              Promise.all([
                redis.rpush(streamKey(stream), JSON.stringify([id, message])),
                redis.ltrim(streamKey(stream), -KEPT_EVENTS, -1),
                redis.expire(streamKey(stream), idle_s),
              ]),
            );
          return id;
        },
        replayEventsAfter: async (last, { send }) => {
          const stream = streamOf(last);
          const kept = await asked(() => redis.lrange(streamKey(stream), 0, -1), []);
          const events = kept.map((text) => JSON.parse(text) as [string, JSONRPCMessage]);
          const seen = events.findIndex(([id]) => id === last);
          for (const [id, message] of events.slice(seen + 1)) await send(id, message);
          return stream;
        },
      };
    },
    close: () => connections.close(),
  };
};
export type SharedState = ReturnType<typeof createSharedState>;
