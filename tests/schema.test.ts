import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@catalyst/platform';
import { createDatabase, createLog, migrate, type Database } from '@catalyst/service-kit';
import { eventually } from '@catalyst/testkit';

/** The folder of an installed PostgreSQL 15, as Debian 12 has it; null where there is none. */
const findPostgres15 = (): string | null => {
  const folder = '/usr/lib/postgresql';
  if (!existsSync(folder)) return null;
  return (
    readdirSync(folder)
      .filter((version) => version === '15')
      .map((version) => join(folder, version, 'bin'))
      .find((bin) => existsSync(join(bin, 'initdb'))) ?? null
  );
};
const bin = findPostgres15();
const NOBODY = 65_534;
const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

if (!bin)
  process.stderr.write(
    'tests/schema.test.ts: left out, since PostgreSQL 15 is not installed here (/usr/lib/postgresql/15)\n',
  );

(bin ? describe : describe.skip)(
  'the schema on PostgreSQL 15, the oldest that is supported',
  () => {
    let folder: string;
    let server: ChildProcess;
    let database: Database;

    beforeAll(async () => {
      folder = mkdtempSync('/tmp/catalyst-pg15-');
      if (user.uid) chownSync(folder, user.uid, user.gid);
      chmodSync(folder, 0o700);
      execFileSync(
        join(bin!, 'initdb'),
        [
          '--pgdata',
          folder,
          '--username',
          'desk',
          '--auth',
          'trust',
          '--encoding',
          'UTF8',
          '--locale',
          'C',
          '--no-sync',
        ],
        { ...user, stdio: 'ignore', cwd: '/tmp' },
      );
      const port = await freePort();
      server = spawn(
        join(bin!, 'postgres'),
        ['-D', folder, '-p', String(port), '-h', '127.0.0.1', '-k', '', '-F'],
        { ...user, stdio: 'ignore', cwd: '/tmp' },
      );
      database = createDatabase(`postgres://desk@127.0.0.1:${port}/postgres`, {
        log: createLog('test', 'error'),
        application_name: 'catalyst-test',
      });
      await eventually(async () => expect(await database.isConnected()).toBe(true), 20_000);
    }, 60_000);
    afterAll(async () => {
      await database?.close();
      server?.kill('SIGINT');
      if (server && server.exitCode === null) await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    });

    it('is applied whole, once', async () => {
      const applied = await migrate(database, '2026-03-24T08:00:00.000Z');
      expect(applied.length).toBeGreaterThanOrEqual(7);
      expect(await migrate(database, '2026-03-24T08:00:00.000Z')).toEqual([]);
      const [version] = await database.query<{ server_version: string }>('SHOW server_version');
      expect(version!.server_version).toMatch(/^15\./);
    });

    it('creates securities and minutes set by set, with their partitions', async () => {
      expect(
        await database.query(
          "SELECT symbol FROM get_or_create_securities(ARRAY['BBBB', 'AAAA', 'BBBB'])",
        ),
      ).toEqual([{ symbol: 'AAAA' }, { symbol: 'BBBB' }]);
      await database.query('SELECT get_or_create_times(ARRAY[29500000, 29500001])');
      const [{ partition } = { partition: '' }] = await database.query<{ partition: string }>(
        "SELECT to_regclass('trading_history_2026')::text AS partition",
      );
      expect(partition).toBe('trading_history_2026');
    });

    it('can be asked every view', async () => {
      const views = await database.query<{ table_name: string }>(
        "SELECT table_name FROM information_schema.views WHERE table_schema = 'public' ORDER BY 1",
      );
      expect(views.length).toBeGreaterThan(10);
      for (const { table_name } of views)
        await database.query(`SELECT * FROM ${table_name} LIMIT 1`);
    });
  },
);
