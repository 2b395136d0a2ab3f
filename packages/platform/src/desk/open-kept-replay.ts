import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { connectDatabase } from '../databases/admin-client.ts';
import { findKeptReplay } from '../databases/replay-database.ts';
import { startFleet, type RunningFleet } from '../fleet/start-fleet.ts';
import { providePostgres, provideRedis } from '../provide-parts.ts';

type Desk = { account: string; run_id: string; created_at: Date };

/**
 * Brings reporting up alone before the database that the last replay of this home kept, or answers
 * undefined where none is kept. `stop` ends it and the parts that nobody else uses.
 */
export const openKeptReplay = async (
  home: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ fleet: RunningFleet; stop: () => Promise<void> } | undefined> => {
  const data_dir = join(home, 'parts', 'postgres');
  const is_given = (env.DATABASE_URL ?? env.DATABASE_URL_FILE ?? '') !== '';
  // the server's own files may lie elsewhere (a checkout that its user cannot reach)
  if (!is_given && !existsSync(join(data_dir, 'password'))) return undefined;
  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const postgres = await providePostgres(env, { data_dir });
    undo.push(postgres.stop);
    const database_url = await findKeptReplay(postgres.url, home);
    if (database_url === undefined) {
      await stop();
      return undefined;
    }
    const client = await connectDatabase(database_url);
    const { rows } = await client
      .query<Desk>('SELECT account, run_id, created_at FROM desk')
      .finally(() => client.end());
    const { account, run_id, created_at } = rows[0]!;
    const redis = await provideRedis(env, { data_dir: join(home, 'parts', 'redis') });
    undo.push(redis.stop);
    const fleet = await startFleet({
      mode: 'replay',
      services: ['reporting'],
      run_id,
      database_url,
      redis_url: redis.url,
      home: join(home, 'runs', run_id),
      env: { DESK_ACCOUNT: account, REPLAY_START_AT: created_at.toISOString() },
    });
    undo.push(fleet.stop);
    return { fleet, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
