import { randomUUID } from 'node:crypto';
import type { RedisConnection } from './connect-redis.ts';

/** How long who reads the standing may keep it under one mark, by the wall. */
export const STANDING_KEPT_MS = 100;

/** Where the mark is under which a run's standing is kept. */
export const standingKey = (run_id: string): string => `catalyst:${run_id}:standing`;

/**
 * Says that the trading state, the session or a replay's time is not what it was: resolves once
 * nobody keeps what was before, so that whoever hears of the change finds it wherever it asks. Where
 * Redis does not take the word, that is when what was kept is too old.
 */
export const createStandingMark =
  (redis: RedisConnection, run_id: string) => async (): Promise<void> => {
    let timer: NodeJS.Timeout | undefined;
    const tooOld = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STANDING_KEPT_MS);
    });
    const told = redis.set(standingKey(run_id), randomUUID()).catch(() => tooOld);
    await Promise.race([told, tooOld]);
    clearTimeout(timer);
  };
