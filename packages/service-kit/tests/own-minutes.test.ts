import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@catalyst/testkit';
import { createAlerts } from '../src/alerts/create-alerts.ts';
import { type Log, systemClock } from '@catalyst/runtime';
import { createAnswerCount, watchOwnMinutes } from '../src/judge/watch-own-minutes.ts';
import { createDatabase, type Database } from '../src/storage/database.ts';

const quiet = () => {};
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
let test: TestDatabase;
let database: Database;
let own: ReturnType<typeof watchOwnMinutes>;
const answers = createAnswerCount();

beforeEach(async () => {
  test = await createTestDatabase();
  database = createDatabase(test.url, {
    log,
    application_name: 'catalyst-test',
    max_connections: 1,
  });
  own = watchOwnMinutes({
    answers,
    takePoolUse: database.takePoolUse,
    alerts: createAlerts({
      service: 'risk',
      database: test.database,
      clock: systemClock,
      bus: { stage: quiet } as unknown as Parameters<typeof createAlerts>[0]['bus'],
      log,
    }),
    clock: systemClock,
    log,
  });
});
afterEach(async () => {
  own.stop();
  await database.close();
  await test.drop();
});

const rows = () =>
  test.database.query('SELECT key, severity, count FROM alerts WHERE source = $1 ORDER BY key', [
    'risk',
  ]);

it('raises what a minute showed, each minute for itself, on one row', async () => {
  for (let n = 0; n < 100; n += 1) answers.note(0.01, n < 10 ? 500 : 200);
  await own.judge();
  // a minute without errors raises nothing
  for (let n = 0; n < 100; n += 1) answers.note(0.01, 404);
  await own.judge();
  const row = { key: 'HIGH_ERROR_RATE', severity: 'warning' };
  expect(await rows()).toEqual([{ ...row, count: 1 }]);
  for (let n = 0; n < 100; n += 1) answers.note(0.01, 503);
  await own.judge();
  expect(await rows()).toEqual([{ ...row, count: 2 }]);
});

it('sees statements that wait for a connection of its pool, and none where they come one by one', async () => {
  for (let n = 0; n < 30; n += 1) await database.query('SELECT 1');
  await own.judge();
  expect(await rows()).toEqual([]);
  await Promise.all(Array.from({ length: 30 }, () => database.query('SELECT pg_sleep(0.01)')));
  await own.judge();
  expect(await rows()).toEqual([{ key: 'POOL_BUSY', severity: 'warning', count: 1 }]);
});
