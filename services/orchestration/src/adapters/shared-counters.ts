import type { RedisConnection } from '@catalyst/service-kit';
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible';

export interface Spent {
  isWithin: boolean;
  limit: number;
  left: number;
  reset_s: number;
}

/**
 * What all copies count together, in Redis with an end to each; while Redis is away each copy counts
 * alone.
 */
export const createSharedCounters = (
  redis: RedisConnection,
  events: RedisConnection,
  run_id: string,
) => {
  const prefix = `catalyst:${run_id}`;
  const limiter = (name: string, points: number, duration: number) => {
    const counted = new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `${prefix}:${name}`,
      points,
      duration,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory({ points, duration }),
    });
    const told = (isWithin: boolean, { remainingPoints, msBeforeNext }: RateLimiterRes): Spent => ({
      isWithin,
      limit: points,
      left: Math.max(0, remainingPoints),
      reset_s: Math.ceil(msBeforeNext / 1000),
    });
    return async (key: string): Promise<Spent> => {
      try {
        return told(true, await counted.consume(key));
      } catch (refused) {
        if (refused instanceof Error) throw refused;
        return told(false, refused as RateLimiterRes);
      }
    };
  };
  const channel = `${prefix}:signal-sessions`;
  const isShared = (): boolean => redis.status === 'ready';
  return {
    connections: limiter('signal-connections', 300, 300),
    requests: limiter('signal-requests', 100, 60),
    joins: limiter('signal-joins', 20, 60),
    isShared,
    /**
     * Tells the other copies that a client's session is here now; the number that it gets is higher
     * than that of each before it, so that a word that comes late ends nobody newer.
     */
    claim: async (client_id: string): Promise<number | null> => {
      if (!isShared()) return null;
      const claim = await redis.incr(`${prefix}:signal-claims`);
      await redis.publish(channel, JSON.stringify({ client_id, claim }));
      return claim;
    },
    /** Calls back for each session that a copy claims, this one's own among them. */
    onClaim: async (claimed: (client_id: string, claim: number) => void): Promise<void> => {
      events.on('message', (_channel: string, text: string) => {
        const { client_id, claim } = JSON.parse(text) as { client_id: string; claim: number };
        claimed(client_id, claim);
      });
      await events.subscribe(channel);
    },
  };
};
export type SharedCounters = ReturnType<typeof createSharedCounters>;
