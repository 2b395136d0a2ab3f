import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { tradingApi, type Health } from '@catalyst/contracts';
import { freePort, sharedRedis } from '@catalyst/platform';
import { createClient, sha256 } from '@catalyst/service-kit';
import { startSimulator, type Simulator } from '@catalyst/simulator';
import {
  createTestDatabase,
  createTestKeys,
  eventually,
  type TestDatabase,
} from '@catalyst/testkit';
import { approveIn, arm, dayWith } from './open-desk.ts';

interface Copy {
  url: string;
  process: ChildProcess;
  health(): Promise<Health>;
  isReady(): Promise<boolean>;
}

let simulator: Simulator;
let database: TestDatabase;
const keys = createTestKeys();
const copies: Copy[] = [];

const open = async (): Promise<void> => {
  simulator = await startSimulator({ day: dayWith(), at: '10:00', clock: 'real' });
  database = await createTestDatabase();
  await arm(database.database);
};
const startCopy = async (): Promise<Copy> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      PORT: String(port),
      TRADING_MODE: 'paper',
      RUN_ID: 'copies',
      DATABASE_URL: database.url,
      REDIS_URL: (await sharedRedis()).url,
      SERVICE_KEY: keys.trading,
      SERVICE_KEY_HASHES: JSON.stringify({ workflow: sha256(keys.workflow) }),
      CATALYST_HOME: mkdtempSync(join(tmpdir(), 'catalyst-test-')),
      LOG_LEVEL: 'error',
      ALPACA_API_KEY: simulator.accounts[0]!.key_id,
      ALPACA_SECRET_KEY: simulator.accounts[0]!.secret_key,
      ALPACA_TRADING_URL: simulator.url,
      ALPACA_DATA_URL: simulator.url,
      ALPACA_STREAM_URL: simulator.stream_url,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const copy: Copy = {
    url,
    process: child,
    health: async () => (await (await fetch(`${url}/health`)).json()) as Health,
    isReady: async () => (await fetch(`${url}/health/ready`).catch(() => null))?.status === 200,
  };
  copies.push(copy);
  return copy;
};
const untilReady = (copy: Copy, within_ms: number) =>
  eventually(async () => expect(await copy.isReady()).toBe(true), within_ms);
const submitTo = async ({ url }: Copy) =>
  createClient(tradingApi, {
    service: 'trading',
    base_url: url,
    api_key: keys.workflow,
    retry_for_ms: 0,
  }).submitOrder({
    body: await approveIn(database.database, new Date().toISOString(), { limit_price: null }),
  });

afterEach(async () => {
  for (const { process: child } of copies.splice(0)) child.kill('SIGKILL');
  await simulator.close();
  await database.drop();
});

describe('a second copy of trading', () => {
  it('stays passive, says so, and takes over within ten seconds of the death of the first', async () => {
    await open();
    const first = await startCopy();
    await untilReady(first, 40_000);
    const second = await startCopy();
    await eventually(async () =>
      expect((await second.health()).notes).toContainEqual(
        expect.stringMatching(/^passive: another process does this work/),
      ),
    );
    await expect(submitTo(second)).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringContaining('passive'),
    });
    expect(await second.isReady()).toBe(false);
    first.process.kill('SIGKILL');
    await untilReady(second, 10_000);
  });

  it('takes over from a stopped one too, which enters nothing and ends when it wakes', async () => {
    await open();
    const first = await startCopy();
    await untilReady(first, 40_000);
    const second = await startCopy();
    await eventually(async () => expect((await second.health()).notes).not.toEqual([]));
    first.process.kill('SIGSTOP');
    await untilReady(second, 30_000);
    const ended = new Promise((resolve) => first.process.once('exit', resolve));
    const asked = submitTo(first);
    void asked.catch(() => undefined);
    first.process.kill('SIGCONT');
    await expect(asked).rejects.toThrow();
    expect(await ended).toBe(1);
    const [account] = simulator.simulation.accounts;
    expect(account!.orders.size).toBe(0);
    const [row] = await database.database.query<{ epoch: number }>(
      "SELECT epoch FROM desk_holders WHERE service = 'trading'",
    );
    expect(row).toEqual({ epoch: 2 });
  });
});
