import { afterAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findRedis, freePort, identifyProcess, provideRedis, startRedis } from '../src/index.ts';
import { hasApt, unpackDebianPackage } from '../src/debian-packages.ts';
import { startAndReadLine } from './first-line.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

const folder = temporaryFolder();
const holder = new URL('./programs/hold-part.ts', import.meta.url);
afterAll(folder.remove);
const data = (name: string) => ({ data_dir: join(folder.path, name) });

const ask = async (url: string, act: (client: Redis) => Promise<unknown>): Promise<unknown> => {
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await act(client);
  } finally {
    client.disconnect();
  }
};

describe('Redis on this machine', () => {
  it('is the same server for two who start it on one folder, and ends with the last of them', async () => {
    const first = await startRedis(data('shared'));
    const second = await startRedis(data('shared'));
    expect(second).toMatchObject({ pid: first.pid, url: first.url });
    await first.stop();
    expect(await ask(second.url, (client) => client.ping())).toBe('PONG');
    await second.stop();
    expect(identifyProcess(first.pid)).toBeNull();
  });

  it('outlives a starter that is killed with -9 and is used by the next start', async () => {
    const { child, line } = await startAndReadLine(holder, [
      'redis',
      data('killed-starter').data_dir,
    ]);
    child.kill('SIGKILL');
    await until(() => child.signalCode !== null);
    const next = await startRedis(data('killed-starter'));
    expect(next.pid).toBe(Number(line));
    await next.stop();
    expect(identifyProcess(next.pid)).toBeNull();
  });

  it('is started anew after it is killed with -9', async () => {
    const first = await startRedis(data('killed-server'));
    process.kill(first.pid, 'SIGKILL');
    await until(() => identifyProcess(first.pid) === null);
    const second = await startRedis(data('killed-server'));
    expect(await ask(second.url, (client) => client.ping())).toBe('PONG');
    await first.stop();
    await second.stop();
    expect(identifyProcess(second.pid)).toBeNull();
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('wants a password and tells the system nothing of it on its command line', async () => {
    const part = await startRedis(data('closed'));
    await expect(
      ask(`redis://127.0.0.1:${part.port}`, (client) => client.get('x')),
    ).rejects.toThrow();
    expect(readFileSync(`/proc/${part.pid}/cmdline`, 'utf8')).not.toContain(
      new URL(part.url).password,
    );
    expect(await ask(part.url, (client) => client.config('GET', 'bind'))).toEqual([
      'bind',
      '127.0.0.1',
    ]);
    await part.stop();
  });

  it('says in one line what to install where none is to be had', async () => {
    const path = process.env.PATH;
    process.env.PATH = '/nowhere';
    try {
      await expect(findRedis({ cache_folder: folder.path })).rejects.toMatchObject({
        exit_code: 78,
        message: expect.stringMatching(
          /^no Redis is to be had here.*install redis-server or valkey-server, or set REDIS_URL/,
        ),
      });
    } finally {
      process.env.PATH = path;
    }
  });

  it('says in one line that the server of REDIS_URL does not answer, without its password', async () => {
    const port = await freePort();
    await expect(
      provideRedis({ REDIS_URL: `redis://:hunter2@127.0.0.1:${port}/0` }, data('unused')),
    ).rejects.toMatchObject({
      exit_code: 78,
      message: expect.stringMatching(
        /^Redis at redis:\/\/:\*\*\*@127\.0\.0\.1:\d+\/0 does not answer: .*ECONNREFUSED.*; check REDIS_URL/,
      ),
    });
  });

  it('refuses a fixed port that another program has', async () => {
    const stranger = createServer().listen(0, '127.0.0.1');
    await until(() => stranger.listening);
    const { port } = stranger.address() as { port: number };
    await expect(startRedis({ ...data('taken'), port })).rejects.toThrow(
      /did not start[\s\S]*Address already in use/,
    );
    stranger.close();
  });

  // Fetches packages from the system's archive; CI asks for it.
  const withDownloads = process.env.CATALYST_TEST_DOWNLOADS === '1' && hasApt() ? it : it.skip;
  withDownloads(
    'runs from a Debian package that was unpacked and not installed',
    async () => {
      const { root, library_path } = await unpackDebianPackage(
        'redis-tools',
        join(folder.path, 'cache'),
      );
      const { stdout } = spawnSync(join(root, 'usr', 'bin', 'redis-check-rdb'), ['--version'], {
        argv0: 'redis-server',
        env: { LD_LIBRARY_PATH: library_path },
        encoding: 'utf8',
      });
      expect(stdout).toMatch(/^Redis server v=/);
    },
    120_000,
  );
});
