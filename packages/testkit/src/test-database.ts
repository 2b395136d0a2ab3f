import { randomBytes } from 'node:crypto';
import {
  connectDatabase,
  databaseUrl,
  ensureSchemaTemplate,
  sharedPostgres,
} from '@catalyst/platform';
import { createDatabase, createLog, type Database } from '@catalyst/service-kit';

const log = createLog('test', 'error');

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
  const template = await ensureSchemaTemplate(serverUrl);
  const inServer = async (statement: string): Promise<void> => {
    const client = await connectDatabase(serverUrl);
    await client.query(statement).finally(() => client.end());
  };
  // the other strategy writes each block to the log too, which takes three to six times the processor
  await inServer(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  const url = databaseUrl(serverUrl, name);
  const database = createDatabase(url, { log, application_name: 'catalyst-test' });
  return {
    url,
    database,
    drop: async () => {
      await database.close();
      await inServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
};
