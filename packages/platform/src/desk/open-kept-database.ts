import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { connectDatabase, databaseUrl } from '../databases/admin-client.ts';
import { findKeptReplay } from '../databases/replay-database.ts';
import { providePostgres, type ProvidedPart } from '../provide-parts.ts';

/** The name of the desk's own database on its own server. */
export const DESK_DATABASE = 'catalyst';

/** The database of a paper or live desk on this server; undefined where none was ever up. */
const findDesk = async ({ url, is_given }: ProvidedPart): Promise<string | undefined> => {
  const client = await connectDatabase(url);
  try {
    const { rows } = await client.query<{ there: boolean }>(
      is_given
        ? "SELECT to_regclass('desk') IS NOT NULL AS there"
        : `SELECT count(*) > 0 AS there FROM pg_database WHERE datname = '${DESK_DATABASE}'`,
    );
    if (rows[0]?.there !== true) return undefined;
    return is_given ? url : databaseUrl(url, DESK_DATABASE);
  } finally {
    await client.end();
  }
};

/** Which database of a home that runs no desk is meant. */
export type Kept = { database_url: string; of: 'replay' | 'desk' };

/** What the last replay of a home kept. */
export const keptReplay = async (
  { url }: ProvidedPart,
  home: string,
): Promise<Kept | undefined> => {
  const database_url = await findKeptReplay(url, home);
  return database_url === undefined ? undefined : { database_url, of: 'replay' };
};

/** What the last replay of a home kept, else the book of its desk that is stopped. */
export const keptBook = async (server: ProvidedPart, home: string): Promise<Kept | undefined> => {
  const replay = await keptReplay(server, home);
  if (replay !== undefined) return replay;
  const database_url = await findDesk(server);
  return database_url === undefined ? undefined : { database_url, of: 'desk' };
};

/**
 * A database of a home, on its server, which is started for it where it does not run; undefined
 * where there is none. `stop` ends the server where nobody else uses it.
 */
export const openKeptDatabase = async (
  home: string,
  env: NodeJS.ProcessEnv,
  find: (server: ProvidedPart, home: string) => Promise<Kept | undefined>,
): Promise<(Kept & { stop: () => Promise<void> }) | undefined> => {
  const data_dir = join(home, 'parts', 'postgres');
  const is_given = (env.DATABASE_URL ?? env.DATABASE_URL_FILE ?? '') !== '';
  // the server's own files may lie elsewhere (a checkout that its user cannot reach)
  if (!is_given && !existsSync(join(data_dir, 'password'))) return undefined;
  const server = await providePostgres(env, { data_dir });
  try {
    const kept = await find(server, home);
    if (kept !== undefined) return { ...kept, stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
  await server.stop();
  return undefined;
};
