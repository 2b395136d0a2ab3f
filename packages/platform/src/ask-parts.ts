import { connectDatabase, withoutPassword } from './databases/admin-client.ts';
import { PlatformError } from './platform-error.ts';
import { withRedis } from './redis/ask-redis.ts';

const timeout_ms = 5_000;

/**
 * Asks a running PostgreSQL and lets it write a little that it forgets at once. PlatformError where
 * it does not answer, is read only or has no space.
 */
export const tryPostgres = async (url: string): Promise<void> => {
  const client = await connectDatabase(url);
  try {
    await client.query(`SET statement_timeout = ${timeout_ms}`);
    await client.query(
      `CREATE TEMPORARY TABLE doctor AS
         SELECT repeat('x', 1000) AS line FROM generate_series(1, 1000)`,
    );
  } catch (error) {
    throw new PlatformError(
      `PostgreSQL at ${withoutPassword(url)} answers and cannot write: ${(error as Error).message}`,
      { cause: error },
    );
  } finally {
    await client.end();
  }
};

/** The same of a Redis. */
export const tryRedis = async (url: string): Promise<void> => {
  try {
    await withRedis(url, timeout_ms, (client) => client.set('catalyst:doctor', 'x', 'PX', 1));
  } catch (error) {
    throw new PlatformError(
      `Redis at ${withoutPassword(url)} does not take a write: ${(error as Error).message}`,
      { cause: error },
    );
  }
};
