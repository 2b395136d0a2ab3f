import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@catalyst/testkit';
import type { Log } from '@catalyst/runtime';
import { createDatabase, type Database } from '../src/storage/database.ts';

let test: TestDatabase;
let lines: string[];
const open: Database[] = [];
const note = (event: string) => void lines.push(event);
const log: Log = { debug: note, info: note, warn: note, error: note };
const connect = (url = test.url, max_connections = 5): Database => {
  const database = createDatabase(url, { log, application_name: 'catalyst-lost', max_connections });
  open.push(database);
  return database;
};
/** What an operator, a restart and a fail-over do to every connection of ours. */
const endConnections = () =>
  test.database.query<{ done: boolean }>(
    `SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity
     WHERE application_name = 'catalyst-lost' AND datname = current_database()`,
  );
const unavailable = { code: 'SERVICE_UNAVAILABLE', retryable: true };

beforeEach(async () => {
  test = await createTestDatabase();
  lines = [];
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((database) => database.close()));
  await test.drop();
});

describe('a connection that the server ends', () => {
  it.each(['between two statements', 'during a statement', 'before the commit'])(
    '%s fails the transaction and nothing else',
    async (when) => {
      const database = connect(test.url, 1);
      const lost = database.transaction(async (tx) => {
        await tx.query('CREATE TABLE half (id int)');
        if (when === 'during a statement') {
          const sleeping = tx.query('SELECT pg_sleep(5)');
          await Promise.all([sleeping, pause(100).then(endConnections)]);
        }
        await endConnections();
        await pause(100);
        if (when === 'between two statements') await tx.query('SELECT 1');
      });
      await expect(lost).rejects.toMatchObject(unavailable);
      // the one place of the pool is free again, for a connection that works
      expect(await database.query("SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
    },
  );

  it('is no crash while fifty are ended under work, and one line when it goes and one when it is back', async () => {
    const database = connect();
    await database.query('CREATE TABLE counted (n int)');
    const outcomes: string[] = [];
    let ended = 0;
    const worker = async () => {
      while (ended < 50)
        outcomes.push(
          await database
            .transaction(async (tx) => {
              await tx.query('INSERT INTO counted VALUES (1)');
              await tx.query('SELECT pg_sleep(0.01)');
            })
            .then(
              () => 'done',
              (error: { code: string }) => error.code,
            ),
        );
    };
    const killer = async () => {
      while (ended < 50) {
        await pause(20);
        ended += (await endConnections()).length;
      }
    };
    await Promise.all([worker(), worker(), worker(), killer()]);
    expect(new Set(outcomes)).toEqual(new Set(['done', 'SERVICE_UNAVAILABLE']));
    await database.query('SELECT 1');
    expect(lines).toEqual(['database_away', 'database_back']);
  }, 30_000);
});

describe('a failure of the database that passes', () => {
  const isUnavailable = (database: Database) =>
    expect(database.query('SELECT 1')).rejects.toMatchObject(unavailable);

  it('says so where nothing listens, where the host is gone, and where the connection is dropped at its start', async () => {
    const proxy = createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    for (const host of ['127.0.0.1:1', 'postgres.invalid:5432', `127.0.0.1:${port}`])
      await isUnavailable(connect(`postgres://x@${host}/x`));
    proxy.close();
  }, 30_000);

  it('says so after a fail-over to a server that only reads', async () => {
    const database = connect(test.url, 1);
    await database.query('SET default_transaction_read_only = on');
    await expect(database.query('CREATE TABLE t (id int)')).rejects.toMatchObject(unavailable);
  });

  it('says so where the server takes no more connections, and where the pool has none left', async () => {
    const role = `few_${test.url.slice(-8)}`;
    await test.database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'p' CONNECTION LIMIT 0`);
    const url = new URL(test.url);
    url.username = role;
    url.password = 'p';
    await isUnavailable(connect(url.href));
    await test.database.query(`DROP ROLE ${role}`);

    const database = connect(test.url, 1);
    const held = database.transaction(() => pause(10_500));
    await isUnavailable(database);
    await held;
  }, 30_000);
});

describe('two transactions in each other’s way', () => {
  it('both commit: the one that the server undid runs again', async () => {
    const database = connect();
    await database.query('CREATE TABLE pair (id int PRIMARY KEY, v int)');
    await database.query('INSERT INTO pair VALUES (1, 0), (2, 0)');
    let runs = 0;
    const add = (first: number, second: number) =>
      database.transaction(async (tx) => {
        runs += 1;
        await tx.query('UPDATE pair SET v = v + 1 WHERE id = $1', [first]);
        await pause(200);
        await tx.query('UPDATE pair SET v = v + 1 WHERE id = $1', [second]);
      });
    await Promise.all([add(1, 2), add(2, 1)]);
    expect(await database.query('SELECT v FROM pair ORDER BY id')).toEqual([{ v: 2 }, { v: 2 }]);
    expect(runs).toBe(3);
  }, 30_000);

  it('wait for each other’s locks, and for one that hangs, no longer than is said', async () => {
    const database = connect();
    const [limits] = await database.query(
      `SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement,
         current_setting('idle_in_transaction_session_timeout') AS idle`,
    );
    expect(limits).toEqual({ lock: '8s', statement: '10s', idle: '20s' });
  });
});
