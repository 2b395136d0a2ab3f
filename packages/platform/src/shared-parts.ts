import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, statfsSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlatformError } from './platform-error.ts';
import { memory_folder, type RunningPart } from './processes/open-part.ts';
import { startPostgres } from './postgres/start-postgres.ts';
import { startRedis } from './redis/start-redis.ts';

/** Test runs follow one another; the parts stay warm this long. */
const keep_ms = 8_000;

/**
 * In memory where the machine lends at least this much of it (a container's 64 MB are too little):
 * a database is cloned in a fifth of the time that it takes on a disk.
 */
const lent_bytes = 2 ** 30;
const hasRoom = (folder: string): boolean => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= lent_bytes;
};
const base = (name: string): string =>
  !process.env.TMPDIR &&
  existsSync(memory_folder) &&
  (existsSync(join(memory_folder, name)) || hasRoom(memory_folder))
    ? memory_folder
    : tmpdir();

/** One folder per user and checkout: nobody else may have made it, since it holds passwords. */
const sharedFolder = (): string => {
  const { uid } = userInfo();
  const name = `catalyst-${uid}`;
  const folder = join(base(name), name);
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || (uid >= 0 && found.uid !== uid))
    throw new PlatformError(`${folder} belongs to another user; remove it or set TMPDIR`);
  const checkout = fileURLToPath(new URL('../../..', import.meta.url));
  return join(folder, createHash('sha256').update(checkout).digest('hex').slice(0, 12));
};

/** Looks for a part once in a process: to look means a lock, and a connection that asks whether it lives. */
const once = (open: () => Promise<RunningPart>): (() => Promise<RunningPart>) => {
  let opened: Promise<RunningPart> | null = null;
  return () => {
    opened ??= open().then(
      (part) => ({
        ...part,
        stop: () => {
          opened = null;
          return part.stop();
        },
      }),
      (error: unknown) => {
        opened = null;
        throw error;
      },
    );
    return opened;
  };
};

/**
 * One PostgreSQL for every test process of this checkout: the first starts it, the others use it,
 * and it ends some seconds after the last one is gone. Nothing in it outlives the machine (no
 * fsync).
 */
export const sharedPostgres = once(() =>
  startPostgres({ data_dir: join(sharedFolder(), 'postgres'), no_sync: true, keep_ms }),
);

/** One Redis for every test process of this checkout, as `sharedPostgres`. */
export const sharedRedis = once(() =>
  startRedis({ data_dir: join(sharedFolder(), 'redis'), keep_ms }),
);
