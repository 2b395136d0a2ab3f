import { mkdirSync, realpathSync } from 'node:fs';
import { openPart, type KeepOptions, type RunningPart } from '../processes/open-part.ts';
import { redisKind, type RedisOptions } from './redis-kind.ts';

/**
 * A real Redis on the loopback address, with a password. One that already runs on this folder is
 * adopted; `stop` ends it once no living process uses it. PlatformError when this machine can have
 * none.
 */
export const startRedis = async ({
  keep_ms,
  ...options
}: RedisOptions & KeepOptions): Promise<RunningPart> => {
  mkdirSync(options.data_dir, { recursive: true });
  const data_dir = realpathSync(options.data_dir);
  return openPart(
    data_dir,
    redisKind({ ...options, data_dir }),
    keep_ms === undefined ? {} : { keep_ms },
  );
};
