import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedPostgres } from '@catalyst/platform';
import {
  createDatabase,
  createLog,
  migrate,
  SCHEMA_DIR,
  type Database,
} from '@catalyst/service-kit';
import pg from 'pg';

const log = createLog('test', 'error');
// the same number in every test process: they share one template
const TEMPLATE_LOCK = 770_021;

const schemaHash = (): string => {
  const hash = createHash('sha256');
  for (const name of readdirSync(SCHEMA_DIR).sort())
    hash.update(name).update(readFileSync(join(SCHEMA_DIR, name)));
  return hash.digest('hex').slice(0, 12);
};

export const withDatabaseName = (url: string, name: string): string => {
  const named = new URL(url);
  named.pathname = `/${name}`;
  return named.href;
};

const inServer = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/** The migrated template of the current schema; made once by whoever comes first. */
const ensureTemplate = async (client: pg.Client, url: string): Promise<string> => {
  const name = `catalyst_template_${schemaHash()}`;
  await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return name;
    const draft = `${name}_draft`;
    await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${draft} TEMPLATE template0`);
    const database = createDatabase(withDatabaseName(url, draft), {
      log,
      application_name: 'catalyst-test',
      max_connections: 1,
    });
    await migrate(database, '2026-01-01T00:00:00.000Z');
    await database.close();
    await client.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
    return name;
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
};

export interface TestDatabase {
  url: string;
  database: Database;
  /** Closes the connections and drops the database. */
  drop(): Promise<void>;
}

/** A database of its own with the schema in it, cloned from a template on the shared PostgreSQL. */
export const createTestDatabase = async (): Promise<TestDatabase> => {
  const { url: serverUrl } = await sharedPostgres();
  const name = `catalyst_test_${randomBytes(8).toString('hex')}`;
  await inServer(serverUrl, async (client) => {
    const template = await ensureTemplate(client, serverUrl);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  const url = withDatabaseName(serverUrl, name);
  const database = createDatabase(url, { log, application_name: 'catalyst-test' });
  return {
    url,
    database,
    drop: async () => {
      await database.close();
      await inServer(serverUrl, (client) =>
        client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
      );
    },
  };
};
