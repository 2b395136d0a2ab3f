import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instant } from '@catalyst/domain';
import { ConfigError } from '@catalyst/runtime';
import type { Database, Queryable } from './database.ts';

/** The schema's folder in this checkout. */
export const SCHEMA_DIR = join(import.meta.dirname, '../../../../schema');
// any constant will do: it only has to be the same in every service
const LOCK = 4_205_006;

/** What this database has seen: a migration's name -> SHA-256 of its text. */
const listApplied = async (db: Queryable): Promise<Map<string, string>> => {
  const [table] = await db.query<{ is_there: boolean }>(
    "SELECT to_regclass('schema_migrations') IS NOT NULL AS is_there",
  );
  if (!table!.is_there) return new Map();
  const rows = await db.query<{ name: string; sha256: string }>(
    'SELECT name, sha256 FROM schema_migrations',
  );
  return new Map(rows.map((row) => [row.name, row.sha256]));
};

const isComplete = (
  files: readonly { name: string; sha256: string }[],
  applied: ReadonlyMap<string, string>,
): boolean =>
  files.length === applied.size && files.every(({ name, sha256 }) => applied.get(name) === sha256);

/**
 * Applies the migrations that this database has not seen, in the order of their names, all in one
 * transaction. Services that start at once wait for each other; a migration that ran and was edited
 * afterwards is refused.
 * @returns the names that were applied now
 */
export const migrate = async (
  database: Database,
  at: Instant,
  dir: string = SCHEMA_DIR,
): Promise<string[]> => {
  const names = (await readdir(dir)).filter((name) => /^\d{3}-[a-z0-9-]+\.sql$/.test(name)).sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(dir, name), 'utf8');
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
  // a start that finds all in its place waits for nobody
  if (isComplete(files, await listApplied(database))) return [];
  return database.transaction(async (tx) => {
    // the first start of a fleet waits for whoever came first as long as any statement may
    await tx.query('SET LOCAL lock_timeout = 0');
    await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await tx.query(
      'CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL)',
    );
    const applied = await listApplied(tx);
    const unknown = [...applied.keys()].filter((name) => !names.includes(name));
    if (unknown.length > 0)
      throw new ConfigError([
        `the database has migrations that this version does not know (${unknown.join(', ')}): run the version that wrote them, or a newer one`,
      ]);
    const fresh: string[] = [];
    for (const { name, sql, sha256 } of files) {
      const before = applied.get(name);
      if (before === sha256) continue;
      if (before)
        throw new ConfigError([
          `schema/${name} was changed after it ran on this database: put it back and write a new migration`,
        ]);
      await tx.query(sql);
      await tx.query(
        'INSERT INTO schema_migrations (name, sha256, applied_at) VALUES ($1, $2, $3)',
        [name, sha256, at],
      );
      fresh.push(name);
    }
    return fresh;
  });
};

interface DeskIdentity {
  mode: 'replay' | 'paper' | 'live';
  account: string;
  run_id: string;
}

/**
 * Holds the database against the run: the first service writes the desk's row, everyone after must
 * match it, so that a replay can never write into a live desk, nor one account's desk into
 * another's.
 */
export const claimDesk = async (
  database: Database,
  desk: DeskIdentity,
  at: Instant,
): Promise<void> => {
  await database.query(
    `INSERT INTO desk (mode, account, run_id, created_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING`,
    [desk.mode, desk.account, desk.run_id, at],
  );
  const [row] = await database.query<DeskIdentity>('SELECT mode, account, run_id FROM desk');
  // a replay's run is a desk of its own; a paper or live desk goes on in its database from one
  // start to the next
  const isSameRun = desk.mode !== 'replay' || row?.run_id === desk.run_id;
  if (!row || row.mode !== desk.mode || row.account !== desk.account || !isSameRun) {
    throw new ConfigError([
      `DATABASE_URL belongs to another desk (mode ${row?.mode}, account ${row?.account}, run ${row?.run_id}) than this one (mode ${desk.mode}, account ${desk.account}, run ${desk.run_id}): give this desk a database of its own`,
    ]);
  }
};
