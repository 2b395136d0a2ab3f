import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  connectDatabase,
  createReplayDatabase,
  databaseUrl,
  providePostgres,
  sharedPostgres,
  type RunningPart,
} from '../src/index.ts';

let postgres: RunningPart;
let admin: Awaited<ReturnType<typeof connectDatabase>>;
const database = `platform_test_${process.pid}`;
let admin_url: string;

beforeAll(async () => {
  postgres = await sharedPostgres();
  admin = await connectDatabase(postgres.url);
  await admin.query(`CREATE DATABASE ${database}`);
  admin_url = databaseUrl(postgres.url, database);
});
afterAll(async () => {
  await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  await admin.end();
  await postgres.stop();
});

const replayDatabases = async (): Promise<string[]> =>
  (
    await admin.query<{ datname: string }>(
      "SELECT datname FROM pg_database WHERE datname LIKE 'catalyst_replay_p%' ORDER BY datname",
    )
  ).rows.map(({ datname }) => datname);

describe('the database of a replay', () => {
  it('is made for the run and dropped at its end', async () => {
    const replay = await createReplayDatabase(admin_url, 'p1');
    const client = await connectDatabase(replay.url);
    await client.query('CREATE TABLE something (one int)');
    await client.end();
    await replay.drop();
    await replay.drop();
    expect(await replayDatabases()).toEqual([]);
  });

  it('is dropped by the next run when its own run has died, and left alone while that one lives', async () => {
    await admin.query('CREATE DATABASE catalyst_replay_p_dead');
    const living = await createReplayDatabase(admin_url, 'p_living');
    const next = await createReplayDatabase(admin_url, 'p_next');
    expect(await replayDatabases()).toEqual(['catalyst_replay_p_living', 'catalyst_replay_p_next']);
    await living.drop();
    await next.drop();
  });

  it('is left alone by a run that was started from another database of the same server', async () => {
    const living = await createReplayDatabase(postgres.url, 'p_here');
    const next = await createReplayDatabase(admin_url, 'p_there');
    expect(await replayDatabases()).toEqual(['catalyst_replay_p_here', 'catalyst_replay_p_there']);
    await living.drop();
    await next.drop();
  });

  it.each(['paper', 'live'])(
    'is refused with exit code 78 where DATABASE_URL belongs to a %s desk',
    async (mode) => {
      const client = await connectDatabase(admin_url);
      await client.query('DROP TABLE IF EXISTS desk');
      await client.query('CREATE TABLE desk (mode text)');
      await client.query('INSERT INTO desk VALUES ($1)', [mode]);
      await client.end();
      await expect(createReplayDatabase(admin_url, 'p2')).rejects.toMatchObject({
        exit_code: 78,
        message: expect.stringContaining(`belongs to a ${mode} desk`),
      });
      expect(await replayDatabases()).toEqual([]);
    },
  );

  it('is refused in one sentence, without the password, where the server of DATABASE_URL does not let us in', async () => {
    const wrong = new URL(admin_url);
    wrong.password = 'wrong';
    await expect(
      providePostgres({ DATABASE_URL: wrong.href }, { data_dir: '/unused' }),
    ).rejects.toMatchObject({
      exit_code: 78,
      message: expect.stringMatching(
        /^PostgreSQL at postgres:\/\/catalyst:\*\*\*@.* does not let us in: password authentication failed/,
      ),
    });
    await expect(
      providePostgres({ DATABASE_URL: 'mysql://x' }, { data_dir: '/unused' }),
    ).rejects.toMatchObject({
      exit_code: 78,
      message: expect.stringContaining('must look like postgres://'),
    });
  });
});
