import { randomBytes } from 'node:crypto';
import { databaseUrl, ensureSchemaTemplate, sharedPostgres } from '@catalyst/platform';
import { createDatabase, createLog, type Database } from '@catalyst/service-kit';
import pg from 'pg';

const log = createLog('test', 'error');

export interface TestDatabase {
  url: string;
  database: Database;
  /** Closes the connections and drops the database. */
  drop(): Promise<void>;
}

/** Looks for the server and its template, once in a process. */
const openServer = async () => {
  const { url } = await sharedPostgres();
  const template = await ensureSchemaTemplate(url);
  // to connect costs more than most of its statements; what is kept keeps no process from ending
  const pool = new pg.Pool({ connectionString: url, max: 2, allowExitOnIdle: true });
  pool.on('error', () => undefined); // a connection that broke while nobody used it
  return { url, template, pool };
};
let server: ReturnType<typeof openServer> | null = null;

/** A database of its own with the schema in it, cloned from a template on the shared PostgreSQL. */
export const createTestDatabase = async (): Promise<TestDatabase> => {
  server ??= openServer();
  const {
    url: server_url,
    template,
    pool,
  } = await server.catch((error: unknown) => {
    server = null;
    throw error;
  });
  const name = `catalyst_test_${randomBytes(8).toString('hex')}`;
  // the other strategy writes each block to the log too, which takes three to six times the processor
  await pool.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  const url = databaseUrl(server_url, name);
  const database = createDatabase(url, { log, application_name: 'catalyst-test' });
  return {
    url,
    database,
    drop: async () => {
      await database.close();
      await pool.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
};
