import { mkdirSync, realpathSync } from 'node:fs';
import { openPart, type KeepOptions, type RunningPart } from '../processes/open-part.ts';
import { watchPart, type WatchOptions } from '../processes/watch-part.ts';
import { redisKind, type RedisOptions } from './redis-kind.ts';

/**
 * A real Redis on the loopback address, with a password. One that already runs on this folder is
 * adopted; `stop` ends it once no living process uses it. With `on_event` it is started again, at the
 * same address, whenever it ends by itself. PlatformError when this machine can have none.
 */
export const startRedis = async ({
  keep_ms,
  on_event,
  ...options
}: RedisOptions & KeepOptions & WatchOptions): Promise<RunningPart> => {
  mkdirSync(options.data_dir, { recursive: true });
  const data_dir = realpathSync(options.data_dir);
  const part = await openPart(
    data_dir,
    redisKind({ ...options, data_dir }),
    keep_ms === undefined ? {} : { keep_ms },
  );
  if (on_event === undefined) return part;
  const same = redisKind({
    ...options,
    data_dir,
    port: part.port,
    password: new URL(part.url).password,
  });
  return watchPart(data_dir, same, part, on_event);
};
