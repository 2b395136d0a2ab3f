import { AppError, type RedisConnection } from '@catalyst/service-kit';
import type { Response } from 'express';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

interface Options {
  redis: RedisConnection;
  run_id: string;
  per_minute: number;
}

/** Requests of a key that are counted in one message. */
interface Asked {
  key_id: string;
  requests: number;
}
/** What a key has asked this minute, a message's own requests the last of it. */
interface Counted {
  used: number;
  reset_s: number;
}

/**
 * What a key may ask in a minute, counted over all copies in Redis; while that is away each copy
 * counts alone.
 */
export const createCallBudget = ({ redis, run_id, per_minute }: Options) => {
  const limits = { points: per_minute, duration: 60 };
  const limiter = new RateLimiterRedis({
    ...limits,
    storeClient: redis,
    keyPrefix: `mcp:${run_id}:calls`,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(limits),
  });
  const consume = (key_id: string, requests: number): Promise<RateLimiterRes> =>
    limiter.consume(key_id, requests).catch((refused: unknown) => {
      if (refused instanceof RateLimiterRes) return refused;
      throw refused;
    });
  return {
    /** Counts messages with one question for each key, and each message as if it came alone. */
    count: async (asked: readonly Asked[]): Promise<Counted[]> => {
      const together = new Map<string, number>();
      for (const { key_id, requests } of asked)
        together.set(key_id, (together.get(key_id) ?? 0) + requests);
      const used = new Map<string, Counted>();
      await Promise.all(
        [...together].map(async ([key_id, requests]) => {
          const { consumedPoints, msBeforeNext } = await consume(key_id, requests);
          const reset_s = Math.ceil(msBeforeNext / 1000);
          used.set(key_id, { used: consumedPoints - requests, reset_s });
        }),
      );
      return asked.map(({ key_id, requests }) => {
        const key = used.get(key_id)!;
        key.used += requests;
        return { ...key };
      });
    },
    /** Says in the answer's head what is left. @throws TOO_MANY_REQUESTS */
    tell: ({ used, reset_s }: Counted, response: Response): void => {
      response.setHeader('RateLimit-Limit', per_minute);
      response.setHeader('RateLimit-Remaining', Math.max(0, per_minute - used));
      response.setHeader('RateLimit-Reset', reset_s);
      if (used <= per_minute) return;
      response.setHeader('Retry-After', reset_s);
      throw new AppError(
        'TOO_MANY_REQUESTS',
        `this key may ask ${per_minute} times a minute; ask again in ${reset_s} s. What only stops or lowers risk is taken all the same`,
        { per_minute, retry_after_s: reset_s },
      );
    },
  };
};
export type CallBudget = ReturnType<typeof createCallBudget>;
