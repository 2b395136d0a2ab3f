import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newsApi } from '@catalyst/contracts';
import { sharedRedis } from '@catalyst/platform';
import { createClient, sha256 } from '@catalyst/service-kit';
import { loadDay, startSimulator, type Simulator } from '@catalyst/simulator';
import {
  atStep,
  createTestDatabase,
  createTestKeys,
  eventually,
  type TestDatabase,
} from '@catalyst/testkit';
import { createServer, type AddressInfo } from 'node:net';
import { alpacaOf, storedNews, storeSecurities } from './fixture-newswire.ts';

const ROOT = join(import.meta.dirname, '../../..');
const STEPS = ['2026-03-24T08:00:00.000Z', '2026-03-24T10:45:00.000Z', '2026-03-24T12:00:00.000Z'];
const keys = createTestKeys();
const day = await loadDay(join(ROOT, 'packages/simulator/days/2026-03-24'));
const databases: TestDatabase[] = [];
const children: ChildProcess[] = [];
let simulator: Simulator;
let redisUrl: string;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const newDatabase = async (): Promise<TestDatabase> => {
  const database = await createTestDatabase();
  databases.push(database);
  await storeSecurities(database, day);
  return database;
};

/** The service as a process of its own, ready. */
const startProcess = async (database: TestDatabase) => {
  const port = await freePort();
  const child = spawn(
    join(ROOT, 'node_modules/.bin/node'),
    [join(ROOT, 'services/news/src/main.ts')],
    {
      stdio: 'ignore',
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        ...alpacaOf(simulator),
        PORT: String(port),
        TRADING_MODE: 'replay',
        REPLAY_START_AT: STEPS[0]!,
        RUN_ID: 'kill-test',
        DATABASE_URL: database.url,
        REDIS_URL: redisUrl,
        SERVICE_KEY: keys.news,
        SERVICE_KEY_HASHES: JSON.stringify({ workflow: sha256(keys.workflow) }),
        CATALYST_HOME: mkdtempSync(join(tmpdir(), 'catalyst-news-')),
        LOG_LEVEL: 'error',
      },
    },
  );
  children.push(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(200));
  const client = createClient(newsApi, {
    service: 'news',
    base_url: url,
    api_key: keys.workflow,
    retry_for_ms: 0,
  });
  return {
    collect: (at: string) => atStep(at, () => client.collectNews({ body: {} })),
    kill: async (): Promise<void> => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

beforeAll(async () => {
  simulator = await startSimulator({ day });
  redisUrl = (await sharedRedis()).url;
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await simulator?.close();
  for (const database of databases) await database.drop();
});

describe('a collection', () => {
  it('that is killed at any moment and asked for again leaves the same rows and events as one that was not', async () => {
    const calm = await newDatabase();
    const killed = await newDatabase();
    const steady = await startProcess(calm);
    let current = await startProcess(killed);
    let interrupted = 0;
    for (const [index, at] of STEPS.entries()) {
      simulator.simulation.stepTo(Date.parse(at));
      const expected = await steady.collect(at);
      for (const delay_ms of [5 + index * 7, 25 + index * 11]) {
        const asked = current.collect(at).then(
          () => 'answered',
          () => 'interrupted',
        );
        await sleep(delay_ms);
        await current.kill();
        if ((await asked) === 'interrupted') interrupted += 1;
        current = await startProcess(killed);
      }
      expect(await current.collect(at)).toEqual(expected);
    }
    expect(interrupted).toBeGreaterThan(0);
    expect(await storedNews(killed)).toEqual(await storedNews(calm));
  }, 180_000);
});
