import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { checkoutFolder } from '../checkout-folder.ts';
import { connectDatabase, databaseUrl } from './admin-client.ts';

const prefix = 'catalyst_template_';
/** Any constant: whoever makes the template of a server waits for who makes it already. */
const template_lock = 770_021;

const schema_dir = join(checkoutFolder, 'schema');

/** The name of the template of the schema as it is in this checkout. */
const schemaTemplate = (): string => {
  const hash = createHash('sha256');
  for (const name of readdirSync(schema_dir).sort())
    hash.update(name).update(readFileSync(join(schema_dir, name)));
  return `${prefix}${hash.digest('hex').slice(0, 12)}`;
};

const exists = async (client: pg.Client, name: string): Promise<boolean> =>
  ((await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])).rowCount ?? 0) > 0;

/** The database on this server to clone for an empty desk of this schema; undefined where none is. */
export const findSchemaTemplate = async (client: pg.Client): Promise<string | undefined> => {
  const name = schemaTemplate();
  return (await exists(client, name)) ? name : undefined;
};

/**
 * Makes that database, which only a server of our own should have: a clone takes a tenth of the time
 * of the migrations. It is made once, by whoever comes first; those of other schemas are dropped.
 * @returns its name
 */
export const ensureSchemaTemplate = async (admin_url: string): Promise<string> => {
  const name = schemaTemplate();
  const client = await connectDatabase(admin_url);
  try {
    if (await exists(client, name)) return name;
    await client.query('SELECT pg_advisory_lock($1)', [template_lock]);
    if (await exists(client, name)) return name;
    // once for a schema; whoever finds it made need not load how a service runs
    const { createDatabase, createLog, migrate } = await import('@catalyst/service-kit');
    const draft = `${name}_draft`;
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [prefix],
    );
    for (const { datname } of rows)
      await client.query(`DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${draft} TEMPLATE template0 ENCODING 'UTF8'`);
    const database = createDatabase(databaseUrl(admin_url, draft), {
      log: createLog('platform', 'error'),
      application_name: 'catalyst-template',
      max_connections: 1,
    });
    await migrate(database, new Date(0).toISOString()).finally(() => database.close());
    await client.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
    return name;
  } finally {
    await client.end(); // and its lock
  }
};
