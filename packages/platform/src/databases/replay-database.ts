import { resolve } from 'node:path';
import pg from 'pg';
import { PlatformError } from '../platform-error.ts';
import { connectDatabase, databaseUrl, withoutPassword } from './admin-client.ts';
import { findSchemaTemplate } from './schema-template.ts';

const prefix = 'catalyst_replay_';
const object_in_use = '55006';

export type ReplayDatabase = {
  url: string;
  name: string;
  /** Ends it. */
  drop: () => Promise<void>;
  /** Leaves it to be read; the next replay of the same home drops it. */
  keep: () => Promise<void>;
};

/** What a kept database says of itself, so that another home on the same server leaves it alone. */
const keptBy = (home: string): string => `kept for ${resolve(home)}`;
const kept_by = "shobj_description(d.oid, 'pg_database')";

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

const dropUnused = async (client: pg.Client, names: readonly string[]): Promise<void> => {
  for (const name of names) {
    await client
      .query(`DROP DATABASE IF EXISTS "${name}"`)
      .catch((error: Error & { code?: string }) => {
        if (error.code !== object_in_use) throw error; // whoever uses it meanwhile may keep it
      });
  }
};

/** The databases that this home keeps, latest first: one, or none. */
const keptDatabases = async (client: pg.Client, home: string): Promise<string[]> => {
  const { rows } = await client.query<{ datname: string }>(
    `SELECT datname FROM pg_database d
     WHERE starts_with(datname, $1) AND ${kept_by} = $2 ORDER BY datname DESC`,
    [prefix, keptBy(home)],
  );
  return rows.map(({ datname }) => datname);
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
       AND ${kept_by} IS NULL
       AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.application_name = d.datname
         OR a.datname = d.datname)
     ORDER BY datname`,
    [prefix],
  );
  await dropUnused(
    client,
    rows.map(({ datname }) => datname),
  );
};

/**
 * Makes the database of one replay on the server of `admin_url`, and drops those of runs that died
 * and the one that this home kept. Refuses a server address that names the database of a paper or
 * live desk.
 */
export const createReplayDatabase = async (
  admin_url: string,
  run_id: string,
  home: string,
): Promise<ReplayDatabase> => {
  if (!/^[a-z0-9_]{1,40}$/.test(run_id))
    throw new RangeError(`a run id has 1 to 40 of a-z, 0-9 and _, was ${run_id}`);
  const client = await connectDatabase(admin_url);
  client.on('error', () => undefined); // the server may end and come back meanwhile
  const name = `${prefix}${run_id}`;
  try {
    await refuseTradingDesk(client, admin_url);
    await client.query(`SET application_name = "${name}"`);
    await dropDeadRuns(client);
    await dropUnused(client, await keptDatabases(client, home));
    const template = await findSchemaTemplate(client);
    await client.query(
      `CREATE DATABASE "${name}" TEMPLATE ${template ?? "template0 ENCODING 'UTF8'"}`,
    );
  } catch (error) {
    await client.end();
    throw error;
  }
  let ended: Promise<void> | undefined;
  // that the server ended the session may show only when it is used; each act may be done twice
  const end = async (act: (session: pg.Client) => Promise<unknown>): Promise<void> => {
    try {
      await act(client);
    } catch {
      const session = await connectDatabase(admin_url);
      try {
        await act(session);
      } finally {
        await session.end();
      }
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  return {
    url: databaseUrl(admin_url, name),
    name,
    drop: () =>
      (ended ??= end((session) => session.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`))),
    keep: () =>
      (ended ??= end(async (session) => {
        await dropUnused(session, await keptDatabases(session, home));
        await session.query(`COMMENT ON DATABASE "${name}" IS ${pg.escapeLiteral(keptBy(home))}`);
      })),
  };
};

/** The address of the database that the last replay of this home left, where there is one. */
export const findKeptReplay = async (
  admin_url: string,
  home: string,
): Promise<string | undefined> => {
  const client = await connectDatabase(admin_url);
  try {
    const [name] = await keptDatabases(client, home);
    return name === undefined ? undefined : databaseUrl(admin_url, name);
  } finally {
    await client.end();
  }
};
