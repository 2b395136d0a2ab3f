import type pg from 'pg';
import { PlatformError } from '../platform-error.ts';
import { connectDatabase, databaseUrl, withoutPassword } from './admin-client.ts';

const prefix = 'catalyst_replay_';
const object_in_use = '55006';

export type ReplayDatabase = { url: string; name: string; drop: () => Promise<void> };

/** A demo may never write into a desk that trades: refuses a database that belongs to one. */
const refuseTradingDesk = async (client: pg.Client, url: string): Promise<void> => {
  const { rows } = await client.query<{ present: boolean }>(
    "SELECT to_regclass('desk') IS NOT NULL AS present",
  );
  if (rows[0]?.present !== true) return;
  const desks = await client.query<{ mode: string }>(
    "SELECT mode FROM desk WHERE mode <> 'replay'",
  );
  const mode = desks.rows[0]?.mode;
  if (mode === undefined) return;
  throw new PlatformError(
    `the database at ${withoutPassword(url)} belongs to a ${mode} desk, and a replay may not touch its server; unset DATABASE_URL or name another database`,
  );
};

/**
 * A living run keeps a session that carries its database's name, which every session of the server
 * can see. (An advisory lock would not do: it is visible only to sessions of the same database, and
 * runs may be started from several.)
 */
const dropDeadRuns = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query<{ datname: string }>(
    `SELECT datname FROM pg_database d
     WHERE starts_with(datname, $1) AND pg_get_userbyid(datdba) = current_user
       AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.application_name = d.datname OR a.datname = d.datname)
     ORDER BY datname`,
    [prefix],
  );
  for (const { datname } of rows) {
    await client
      .query(`DROP DATABASE IF EXISTS "${datname}"`)
      .catch((error: Error & { code?: string }) => {
        if (error.code !== object_in_use) throw error; // whoever uses it meanwhile may keep it
      });
  }
};

/**
 * Makes the database of one replay on the server of `admin_url`, and drops those of runs that died.
 * Refuses a server address that names the database of a paper or live desk. `drop` ends it.
 */
export const createReplayDatabase = async (
  admin_url: string,
  run_id: string,
): Promise<ReplayDatabase> => {
  if (!/^[a-z0-9_]{1,40}$/.test(run_id))
    throw new RangeError(`a run id has 1 to 40 of a-z, 0-9 and _, was ${run_id}`);
  const client = await connectDatabase(admin_url);
  const name = `${prefix}${run_id}`;
  try {
    await refuseTradingDesk(client, admin_url);
    await client.query(`SET application_name = "${name}"`);
    await dropDeadRuns(client);
    await client.query(`CREATE DATABASE "${name}" TEMPLATE template0 ENCODING 'UTF8'`);
  } catch (error) {
    await client.end();
    throw error;
  }
  let dropped: Promise<void> | undefined;
  const drop = async () => {
    try {
      await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    } finally {
      await client.end();
    }
  };
  return { url: databaseUrl(admin_url, name), name, drop: () => (dropped ??= drop()) };
};
