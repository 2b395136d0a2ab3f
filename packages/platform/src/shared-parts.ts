import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlatformError } from './platform-error.ts';
import type { RunningPart } from './processes/open-part.ts';
import { startPostgres } from './postgres/start-postgres.ts';
import { startRedis } from './redis/start-redis.ts';

/** Test runs follow one another; the parts stay warm this long. */
const keep_ms = 8_000;

/** One folder per user and checkout: nobody else may have made it, since it holds passwords. */
const sharedFolder = (): string => {
  const { uid } = userInfo();
  const folder = join(tmpdir(), `catalyst-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || (uid >= 0 && found.uid !== uid))
    throw new PlatformError(`${folder} belongs to another user; remove it or set TMPDIR`);
  const checkout = fileURLToPath(new URL('../../..', import.meta.url));
  return join(folder, createHash('sha256').update(checkout).digest('hex').slice(0, 12));
};

/**
 * One PostgreSQL for every test process of this checkout: the first starts it, the others use it,
 * and it ends some seconds after the last one is gone. Nothing in it outlives the machine (no
 * fsync).
 */
export const sharedPostgres = (): Promise<RunningPart> =>
  startPostgres({ data_dir: join(sharedFolder(), 'postgres'), no_sync: true, keep_ms });

/** One Redis for every test process of this checkout, as `sharedPostgres`. */
export const sharedRedis = (): Promise<RunningPart> =>
  startRedis({ data_dir: join(sharedFolder(), 'redis'), keep_ms });
