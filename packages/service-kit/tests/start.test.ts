import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newsApi } from '@catalyst/contracts';
import { freePort } from '@catalyst/platform';
import { createTestDatabase, startTestService, type TestDatabase } from '@catalyst/testkit';
import { z } from 'zod';
import { AppError, ConfigError } from '@catalyst/runtime';
import type { ServiceSpec } from '../src/service-spec.ts';
import { awaitDatabase } from '../src/storage/await-database.ts';

const notAsked = () => {
  throw new Error('not asked');
};
const spec: ServiceSpec<typeof newsApi, z.ZodObject> = {
  name: 'news',
  api: newsApi,
  config: z.object({}),
  start: async () => ({
    handlers: { collectNews: notAsked, queryCatalysts: notAsked, listArticles: notAsked },
  }),
};

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('a service that starts', () => {
  it('waits for a database that is away, and is ready once it answers', async () => {
    const port = await freePort();
    const url = new URL(database.url);
    const server = { host: url.hostname, port: Number(url.port) };
    url.port = String(port);
    const starting = startTestService(spec, { database_url: url.href });
    const first = await Promise.race([starting.then(() => 'ready'), pause(1_500, 'waits')]);
    expect(first).toBe('waits');
    const relay = createServer((socket) => {
      const upstream = connect(server);
      socket.on('error', () => upstream.destroy()).pipe(upstream);
      upstream.on('error', () => socket.destroy()).pipe(socket);
    }).listen(port, '127.0.0.1');
    await once(relay, 'listening');
    expect((relay.address() as AddressInfo).port).toBe(port);
    const service = await starting;
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
    await service.close();
    relay.close();
  });

  it('does not wait for what waiting does not mend, nor for ever', async () => {
    let tries = 0;
    const fail = (error: Error) => () => {
      tries += 1;
      return Promise.reject(error);
    };
    await expect(awaitDatabase(fail(new ConfigError(['another desk'])))).rejects.toThrow(
      'another desk',
    );
    expect(tries).toBe(1);
    const away = new AppError('SERVICE_UNAVAILABLE', 'the database does not answer');
    await expect(awaitDatabase(fail(away), 600)).rejects.toBe(away);
    expect(tries).toBe(4);
  });
});

describe('a service with bad configuration', () => {
  const main = join(import.meta.dirname, '../../../services/news/src/main.ts');
  const run = (env: Record<string, string>) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    return { child, said: () => said };
  };

  it('ends with 78', async () => {
    const { child, said } = run({});
    expect(await once(child, 'exit')).toEqual([78, null]);
    expect(said()).toContain('news cannot start:');
  });

  it('stays, trying nothing more, where what ends is restarted, and ends with 78 when it is stopped', async () => {
    const { child, said } = run({ STAY_ON_BAD_CONFIGURATION: '1' });
    while (!said().includes('tries nothing more')) await once(child.stderr, 'data');
    expect(await Promise.race([once(child, 'exit'), pause(500, 'stays')])).toBe('stays');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([78, null]);
  });
});
