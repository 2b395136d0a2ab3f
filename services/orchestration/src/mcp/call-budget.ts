import { AppError, type RedisConnection } from '@catalyst/service-kit';
import type { Response } from 'express';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

interface Options {
  redis: RedisConnection;
  run_id: string;
  per_minute: number;
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
  /** Counts requests and says in the answer's head what is left. @throws TOO_MANY_REQUESTS */
  return async (
    { key_id }: { key_id: string },
    requests: number,
    response: Response,
  ): Promise<void> => {
    const { isOver, left } = await limiter.consume(key_id, requests).then(
      (taken) => ({ isOver: false, left: taken }),
      (refused: unknown) => {
        if (refused instanceof RateLimiterRes) return { isOver: true, left: refused };
        throw refused;
      },
    );
    const reset_s = Math.ceil(left.msBeforeNext / 1000);
    response.setHeader('RateLimit-Limit', per_minute);
    response.setHeader('RateLimit-Remaining', left.remainingPoints);
    response.setHeader('RateLimit-Reset', reset_s);
    if (!isOver) return;
    response.setHeader('Retry-After', reset_s);
    throw new AppError(
      'TOO_MANY_REQUESTS',
      `this key may ask ${per_minute} times a minute; ask again in ${reset_s} s. What only stops or lowers risk is taken all the same`,
      { per_minute, retry_after_s: reset_s },
    );
  };
};
export type CallBudget = ReturnType<typeof createCallBudget>;
