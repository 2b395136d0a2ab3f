import { afterAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { identifyProcess, startPostgres, stopProcess } from '../src/index.ts';
import { memory_folder } from '../src/processes/open-part.ts';
import { clusterFolder, serverUser } from '../src/postgres/server-user.ts';
import { startAndReadLine } from './first-line.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

const inMemory = existsSync(memory_folder) ? it : it.skip;
if (!existsSync(memory_folder))
  process.stderr.write(`left out: data in memory, ${memory_folder} is not there\n`);

const folder = temporaryFolder();
const holder = new URL('./programs/hold-part.ts', import.meta.url);
afterAll(folder.remove);
const options = (name: string) => ({ data_dir: join(folder.path, name), no_sync: true });

const query = async (url: string, sql: string): Promise<pg.QueryResult> => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
};

describe('PostgreSQL on this machine', () => {
  it('is the same server for two who start it on one folder, and ends with the last of them', async () => {
    const first = await startPostgres(options('shared'));
    const second = await startPostgres(options('shared'));
    expect(second.pid).toBe(first.pid);
    await first.stop();
    expect((await query(second.url, 'SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await second.stop();
    expect(identifyProcess(first.pid)).toBeNull();
  });

  it('is one server for four who start it at the same moment', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => startPostgres(options('at-once'))));
    expect(new Set(all.map(({ pid }) => pid)).size).toBe(1);
    await Promise.all(all.map((part) => part.stop()));
    expect(identifyProcess(all[0]!.pid)).toBeNull();
  });

  it('outlives a starter that is killed with -9 and is used by the next start', async () => {
    const { child, line } = await startAndReadLine(holder, [
      'postgres',
      options('killed-starter').data_dir,
    ]);
    child.kill('SIGKILL');
    await until(() => child.exitCode !== null || child.signalCode !== null);
    const next = await startPostgres(options('killed-starter'));
    expect(next.pid).toBe(Number(line));
    await next.stop();
    expect(identifyProcess(next.pid)).toBeNull();
  });

  it('comes back with its data after the server itself is killed with -9', async () => {
    const first = await startPostgres({ data_dir: join(folder.path, 'killed-server') });
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS seven');
    process.kill(first.pid, 'SIGKILL');
    await until(() => identifyProcess(first.pid) === null);
    const second = await startPostgres({ data_dir: join(folder.path, 'killed-server') });
    expect(second.pid).not.toBe(first.pid);
    expect((await query(second.url, 'SELECT seven FROM kept')).rows).toEqual([{ seven: 7 }]);
    await second.stop();
    await first.stop();
    expect(identifyProcess(second.pid)).toBeNull();
  });

  it('starts although a file of an earlier run names a process that is somebody else now', async () => {
    const first = await startPostgres(options('stranger'));
    await first.stop();
    const cluster = clusterFolder(options('stranger').data_dir, serverUser());
    writeFileSync(
      join(cluster, 'postmaster.pid'),
      `${process.pid}\n${cluster}\n0\n5432\n\n127.0.0.1\n0 0\nready\n`,
    );
    const second = await startPostgres(options('stranger'));
    expect((await query(second.url, 'SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await second.stop();
  });

  it('refuses a data folder of another major version in one sentence with exit code 78', async () => {
    const { data_dir } = options('other-version');
    const cluster = join(data_dir, 'data');
    mkdirSync(cluster, { recursive: true });
    writeFileSync(join(cluster, 'PG_VERSION'), '14\n');
    writeFileSync(join(data_dir, 'password'), 'x\n');
    await expect(startPostgres({ data_dir })).rejects.toMatchObject({
      exit_code: 78,
      message: expect.stringMatching(/belongs to PostgreSQL 14, and this is PostgreSQL 18/),
    });
  });

  it('lets nobody in without the password, listens on the loopback address only, and has no Unix socket', async () => {
    const part = await startPostgres(options('closed'));
    const wrong = new URL(part.url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    const { rows } = await query(
      part.url,
      "SELECT name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'unix_socket_directories', 'max_connections') ORDER BY name",
    );
    expect(rows.map(({ setting }) => setting)).toEqual(['127.0.0.1', '300', '']);
    await part.stop();
  });

  const asRoot = process.getuid?.() === 0 ? it : it.skip;
  asRoot('runs as nobody when root starts it', async () => {
    const part = await startPostgres(options('as-root'));
    expect(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${part.pid}/status`, 'utf8'))?.[1]).toBe(
      '65534',
    );
    await part.stop();
  });

  asRoot(
    "runs below a folder that only root may enter, in a copy that the server's user reaches",
    async () => {
      const hidden = join(folder.path, 'hidden');
      mkdirSync(hidden, { mode: 0o700 });
      const part = await startPostgres({ data_dir: join(hidden, 'postgres'), no_sync: true });
      expect((await query(part.url, 'SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
      await part.stop();
      execFileSync('rm', ['-rf', clusterFolder(join(hidden, 'postgres'), serverUser())]);
    },
  );

  it('is ended by its keeper when its only user was killed', async () => {
    const { child, line } = await startAndReadLine(holder, [
      'postgres',
      options('kept').data_dir,
      '500',
    ]);
    child.kill('SIGKILL');
    await until(() => identifyProcess(Number(line)) === null, 15_000);
  });

  inMemory('gives the memory of its data back when its keeper has ended it', async () => {
    const data_dir = mkdtempSync(join(memory_folder, 'catalyst-test-'));
    chmodSync(data_dir, 0o711); // as root the server runs as nobody, who must be able to pass through
    try {
      const { child, line } = await startAndReadLine(holder, ['postgres', data_dir, '500']);
      const cluster = clusterFolder(data_dir, serverUser());
      expect(existsSync(join(cluster, 'PG_VERSION'))).toBe(true);
      child.kill('SIGKILL');
      await until(() => identifyProcess(Number(line)) === null && !existsSync(cluster));
    } finally {
      rmSync(data_dir, { recursive: true, force: true });
    }
  });

  it('stops a process that does not listen to SIGTERM', async () => {
    const { child, line } = await startAndReadLine(holder, [
      'redis',
      join(folder.path, 'stubborn'),
    ]);
    await expect(
      stopProcess(Number(line), [
        { signal: 'SIGCONT', wait_ms: 50 },
        { signal: 'SIGKILL', wait_ms: 5_000 },
      ]),
    ).resolves.toBe('SIGKILL');
    child.kill('SIGKILL');
  });
});
