import { readFileSync } from 'node:fs';
import { connectDatabase, withoutPassword } from './databases/admin-client.ts';
import { PlatformError } from './platform-error.ts';
import { startPostgres } from './postgres/start-postgres.ts';
import type { PostgresOptions } from './postgres/postgres-kind.ts';
import type { WatchOptions } from './processes/watch-part.ts';
import { askRedis } from './redis/ask-redis.ts';
import type { RedisOptions } from './redis/redis-kind.ts';
import { startRedis } from './redis/start-redis.ts';

/** A part to use: ours, or one that the environment names and that we never stop. */
export type ProvidedPart = { url: string; is_given: boolean; stop: () => Promise<void> };

const oldest_postgres = 150_000;

const readVariable = (env: NodeJS.ProcessEnv, name: string): string | undefined => {
  const file = env[`${name}_FILE`];
  const value = file === undefined ? env[name] : readFileSync(file, 'utf8').trim();
  return value === '' ? undefined : value;
};

/** DATABASE_URL (or DATABASE_URL_FILE) where set, checked; otherwise a PostgreSQL of our own. */
export const providePostgres = async (
  env: NodeJS.ProcessEnv,
  options: PostgresOptions & WatchOptions,
): Promise<ProvidedPart> => {
  const url = readVariable(env, 'DATABASE_URL');
  if (url === undefined) return { is_given: false, ...(await startPostgres(options)) };
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url))
    throw new PlatformError(
      'DATABASE_URL must look like postgres://user:password@host:5432/database',
    );
  const client = await connectDatabase(url);
  try {
    const { rows } = await client.query<{ version: number; text: string }>(
      `SELECT current_setting('server_version_num')::int AS version,
         current_setting('server_version') AS text`,
    );
    if (rows[0]!.version < oldest_postgres)
      throw new PlatformError(
        `PostgreSQL at ${withoutPassword(url)} is ${rows[0]!.text}; 15 or newer is needed`,
      );
  } finally {
    await client.end();
  }
  return { url, is_given: true, stop: async () => undefined };
};

/** REDIS_URL (or REDIS_URL_FILE) where set, checked; otherwise a Redis of our own. */
export const provideRedis = async (
  env: NodeJS.ProcessEnv,
  options: RedisOptions & WatchOptions,
): Promise<ProvidedPart> => {
  const url = readVariable(env, 'REDIS_URL');
  if (url === undefined) return { is_given: false, ...(await startRedis(options)) };
  const nodes = url.split(',');
  if (!nodes.every((node) => /^rediss?:\/\//.test(node) && URL.canParse(node)))
    throw new PlatformError(
      "REDIS_URL must look like redis://:password@host:6379/0, or be a cluster's nodes with commas between them",
    );
  try {
    await askRedis(url, 5_000);
  } catch (error) {
    throw new PlatformError(
      `Redis at ${withoutPassword(url)} does not answer: ${(error as Error).message}; check REDIS_URL and that the server runs`,
      { cause: error },
    );
  }
  return { url, is_given: true, stop: async () => undefined };
};
