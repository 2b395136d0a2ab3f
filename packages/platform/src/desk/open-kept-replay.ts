import { join } from 'node:path';
import { connectDatabase } from '../databases/admin-client.ts';
import { startFleet, type RunningFleet } from '../fleet/start-fleet.ts';
import { provideRedis } from '../provide-parts.ts';
import { keptReplay, openKeptDatabase } from './open-kept-database.ts';

type Desk = { account: string; run_id: string; created_at: Date };

/**
 * Brings reporting up alone before the database that the last replay of this home kept, or answers
 * undefined where none is kept. `stop` ends it and the parts that nobody else uses.
 */
export const openKeptReplay = async (
  home: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ fleet: RunningFleet; stop: () => Promise<void> } | undefined> => {
  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const kept = await openKeptDatabase(home, env, keptReplay);
    if (kept === undefined) return undefined;
    const { database_url } = kept;
    undo.push(kept.stop);
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
