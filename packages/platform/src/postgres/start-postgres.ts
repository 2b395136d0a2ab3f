import { mkdirSync, realpathSync } from 'node:fs';
import { openPart, type KeepOptions, type RunningPart } from '../processes/open-part.ts';
import { postgresKind, type PostgresOptions } from './postgres-kind.ts';

/**
 * A real PostgreSQL on the loopback address, with a password and without a Unix socket, from the
 * binaries that npm installed. One that already runs on this folder, left by a killed run or in use
 * by another process, is adopted; `stop` ends it once no living process uses it.
 * Refuses a folder of another major version with a PlatformError.
 */
export const startPostgres = async ({
  keep_ms,
  ...options
}: PostgresOptions & KeepOptions): Promise<RunningPart> => {
  mkdirSync(options.data_dir, { recursive: true });
  const data_dir = realpathSync(options.data_dir);
  return openPart(
    data_dir,
    postgresKind({ ...options, data_dir }),
    keep_ms === undefined ? {} : { keep_ms },
  );
};
