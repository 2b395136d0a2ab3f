import { afterAll, afterEach, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { reportingApi } from '@catalyst/contracts';
import { createClient } from '@catalyst/service-kit';
import {
  checkKeptBook,
  connectDatabase,
  identifyProcess,
  openKeptReplay,
  startInBackground,
  startPostgres,
  stopBackground,
} from '../src/index.ts';
import { readPostmaster } from '../src/postgres/postmaster-file.ts';
import { clusterFolder, serverUser } from '../src/postgres/server-user.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

const folder = temporaryFolder();
const home = join(folder.path, 'home');
const data_dir = join(home, 'parts', 'postgres');
const day_dir = new URL('../../simulator/days/2026-03-24', import.meta.url).pathname;
const start = () =>
  startInBackground({ home, mode: 'replay', day_dir, services: ['reporting'] as const });
afterEach(async () => void (await stopBackground(home)), 60_000);
afterAll(folder.remove);

const replayDatabases = async (): Promise<string[]> => {
  const postgres = await startPostgres({ data_dir });
  const client = await connectDatabase(postgres.url);
  const { rows } = await client.query<{ datname: string }>(
    "SELECT datname FROM pg_database WHERE datname LIKE 'catalyst_replay_%'",
  );
  await client.end();
  await postgres.stop();
  return rows.map(({ datname }) => datname);
};

it('keeps the last replay of a home, and no other, whatever became of the one before', async () => {
  expect(await openKeptReplay(home, {})).toBeUndefined();
  expect(await checkKeptBook(home, {})).toBeUndefined();
  await start();
  await stopBackground(home);
  const first = await replayDatabases();
  expect(first).toHaveLength(1);

  const { run } = await start();
  expect(await replayDatabases()).not.toEqual(expect.arrayContaining(first));
  process.kill(run.supervisor.pid, 'SIGKILL');
  await until(() => Promise.resolve(identifyProcess(run.supervisor.pid) === null));
  await stopBackground(home);
  expect(await openKeptReplay(home, {})).toBeUndefined();

  const last = await start();
  await stopBackground(home);
  expect(await replayDatabases()).toEqual([`catalyst_replay_${last.run.run_id}`]);
}, 120_000);

it('lets reporting answer from the kept replay with no desk running, and leaves nothing running', async () => {
  await start();
  await stopBackground(home);
  const kept = (await openKeptReplay(home, {}))!;
  const postgres = readPostmaster(clusterFolder(data_dir, serverUser()))!;
  expect(kept.fleet.processes().map(({ service }) => service)).toEqual(['reporting']);
  const reporting = createClient(reportingApi, {
    service: 'reporting',
    base_url: kept.fleet.urls.reporting,
    api_key: kept.fleet.keys.cli,
  });
  await expect(
    reporting.tellStory({ params: { symbol: 'GRTH' }, query: {} }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'the desk has no cycle' });
  await kept.stop();
  expect(identifyProcess(postgres.pid)).toBeNull();
  const nothing = { orders: 0, positions: 0, events: 0, fills: 0, left_out: [], differences: [] };
  expect(await checkKeptBook(home, {})).toEqual({ of: 'replay', result: nothing });
  const server = await startPostgres({ data_dir });
  const client = await connectDatabase(server.url);
  const [name] = await replayDatabases();
  await client.query(`COMMENT ON DATABASE ${name} IS NULL`);
  await client.query(`ALTER DATABASE ${name} RENAME TO catalyst`);
  await client.end();
  await server.stop();
  expect(await checkKeptBook(home, {})).toEqual({ of: 'desk', result: nothing });
  expect(readPostmaster(clusterFolder(data_dir, serverUser()))).toBeUndefined();
}, 120_000);
