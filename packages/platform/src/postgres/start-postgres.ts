import { mkdirSync, realpathSync } from 'node:fs';
import { openPart, type KeepOptions, type RunningPart } from '../processes/open-part.ts';
import { watchPart, type WatchOptions } from '../processes/watch-part.ts';
import { postgresKind, type PostgresOptions } from './postgres-kind.ts';

/**
 * A real PostgreSQL on the loopback address, with a password and without a Unix socket, from the
 * binaries that npm installed. One that already runs on this folder, left by a killed run or in use
 * by another process, is adopted; `stop` ends it once no living process uses it. With `on_event` it
 * is started again, at the same address, whenever it ends by itself.
 * Refuses a folder of another major version with a PlatformError.
 */
export const startPostgres = async ({
  keep_ms,
  on_event,
  ...options
}: PostgresOptions & KeepOptions & WatchOptions): Promise<RunningPart> => {
  mkdirSync(options.data_dir, { recursive: true });
  const data_dir = realpathSync(options.data_dir);
  const part = await openPart(
    data_dir,
    postgresKind({ ...options, data_dir }),
    keep_ms === undefined ? {} : { keep_ms },
  );
  if (on_event === undefined) return part;
  const same = postgresKind({ ...options, data_dir, port: part.port });
  return watchPart(data_dir, same, part, on_event);
};
