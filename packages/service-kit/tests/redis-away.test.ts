import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort, startRedis } from '@catalyst/platform';
import { createTestDatabase, eventually, type TestDatabase } from '@catalyst/testkit';
import { Redis } from 'ioredis';
import { type Log, systemClock } from '@catalyst/runtime';
import { createEventBus, type EventBus } from '../src/bus/event-bus.ts';
import { createMetrics } from '../src/metrics.ts';
import { createDatabase } from '../src/storage/database.ts';

const clock = {
  ...systemClock,
  now: () => '2026-03-24T14:00:00.000Z',
  latest: () => '2026-03-24T14:00:00.000Z',
};
const dir = mkdtempSync(join(tmpdir(), 'catalyst-redis-away-'));
let server: Awaited<ReturnType<typeof startRedis>>;
let test: TestDatabase;
let lines: [string, unknown][];
let bus: EventBus | undefined;
const note = (event: string, fields?: { reason?: unknown }) =>
  void lines.push([event, fields?.reason]);
const log: Log = { debug: () => {}, info: note, warn: note, error: note };
const events = () => lines.map(([event]) => event);
const open = (redis_url: string, database_url = test.url): EventBus => {
  const database = createDatabase(database_url, { log, application_name: 'catalyst-away' });
  const made = createEventBus({
    service: 'risk',
    run_id: 'away',
    redis_url,
    database,
    clock,
    log,
    metrics: createMetrics('test'),
  });
  bus = { ...made, close: () => made.close().then(() => database.close()) };
  return bus;
};
const admin = async (act: (client: Redis) => Promise<unknown>): Promise<void> => {
  const client = new Redis(server.url);
  await act(client);
  client.disconnect();
};

beforeEach(async () => {
  server = await startRedis({ data_dir: dir });
  test = await createTestDatabase();
  lines = [];
});
afterEach(async () => {
  await bus?.close();
  bus = undefined;
  await test.drop();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('a Redis that goes away', () => {
  it('is one line when it goes and one when it is back, and hears what was said afterwards', async () => {
    const heard: string[] = [];
    const made = open(server.url);
    await made.subscribe({
      'catalyst:risk_alert': (_payload, { payload }) =>
        void heard.push((payload as { code: string }).code),
    });
    await admin((client) => client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
    await admin((client) => client.call('CLIENT', 'KILL', 'TYPE', 'pubsub'));
    await eventually(() => expect(events()).toEqual(['redis_away', 'redis_back']));
    await test.database.transaction(async (tx) =>
      made.stage(tx, 'catalyst:risk_alert', {
        cycle_id: null,
        severity: 'info',
        code: 'AFTER',
        message: 'hello',
        used_ratio: null,
      }),
    );
    await eventually(() => expect(heard).toEqual(['AFTER']));
    expect(events()).toEqual(['redis_away', 'redis_back']);
  }, 30_000);

  it('is said once with its reason where it refuses the password', async () => {
    const url = new URL(server.url);
    url.password = 'wrong';
    const made = open(url.href);
    await eventually(() => expect(lines).not.toEqual([]));
    // two more tries, and a sweep of the outbox
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(lines).toEqual([['redis_away', expect.stringContaining('WRONGPASS')]]);
    expect(made.isConnected()).toBe(false);
  }, 30_000);

  it('is found out while it hangs', async () => {
    const made = open(server.url);
    await eventually(() => expect(made.isConnected()).toBe(true));
    process.kill(server.pid, 'SIGSTOP');
    await test.database.transaction(async (tx) =>
      made.stage(tx, 'catalyst:risk_alert', {
        cycle_id: null,
        severity: 'info',
        code: 'HUNG',
        message: 'hello',
        used_ratio: null,
      }),
    );
    await eventually(() => expect(events()).toEqual(['redis_away']), 20_000);
    process.kill(server.pid, 'SIGCONT');
    await eventually(() => expect(events()).toEqual(['redis_away', 'redis_back']), 20_000);
    await made.flush();
    expect(await test.database.query('SELECT 1 FROM outbox WHERE published_at IS NULL')).toEqual(
      [],
    );
  }, 60_000);
});

describe('an outbox whose database is away', () => {
  it('says nothing beyond the one line of the database itself', async () => {
    open(server.url, `postgres://x@127.0.0.1:${await freePort()}/x`);
    await new Promise((resolve) => setTimeout(resolve, 4500));
    expect(events()).toEqual(['database_away']);
  }, 30_000);
});
