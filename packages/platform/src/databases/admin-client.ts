import pg from 'pg';
import { PlatformError } from '../platform-error.ts';

/** Hides the password of an address in what people read. */
export const withoutPassword = (url: string): string =>
  url.replace(/\/\/([^:@/]*):[^@]*@/g, '//$1:***@');

/** Connects, or says in one sentence why not. The caller ends the client. */
export const connectDatabase = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: 'catalyst-cli',
  });
  client.on('error', () => undefined); // a broken connection fails the next query, which tells
  try {
    await client.connect();
    return client;
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    throw new PlatformError(
      `PostgreSQL at ${withoutPassword(url)} does not let us in: ${message || code}; check DATABASE_URL and that the server runs`,
      { cause: error },
    );
  }
};

/** The same server, another database. */
export const databaseUrl = (url: string, database: string): string => {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
};
