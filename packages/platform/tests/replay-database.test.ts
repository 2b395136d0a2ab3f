import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SCHEMA_DIR } from '@catalyst/service-kit';
import { eventually } from '@catalyst/testkit';
import {
  connectDatabase,
  createReplayDatabase,
  databaseUrl,
  ensureSchemaTemplate,
  findKeptReplay,
  providePostgres,
  sharedPostgres,
  type RunningPart,
} from '../src/index.ts';

let postgres: RunningPart;
let admin: Awaited<ReturnType<typeof connectDatabase>>;
const database = `platform_test_${process.pid}`;
let admin_url: string;
const home = `/home/of/${database}`;

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
  it('has the schema from the beginning where its template is there, which is made once by those who come at once', async () => {
    const [first, second] = await Promise.all([
      ensureSchemaTemplate(postgres.url),
      ensureSchemaTemplate(postgres.url),
    ]);
    expect(second).toBe(first);
    const replay = await createReplayDatabase(admin_url, 'p_cloned', home);
    const client = await connectDatabase(replay.url);
    const { rows } = await client.query('SELECT name FROM schema_migrations');
    await client.end();
    await replay.drop();
    const files = readdirSync(SCHEMA_DIR).filter((name) => name.endsWith('.sql'));
    expect(rows.map(({ name }) => name as string).sort()).toEqual(files.sort());
  });

  it('is made for the run and dropped at its end', async () => {
    const replay = await createReplayDatabase(admin_url, 'p1', home);
    const client = await connectDatabase(replay.url);
    await client.query('CREATE TABLE something (one int)');
    await client.end();
    await replay.drop();
    await replay.drop();
    expect(await replayDatabases()).toEqual([]);
  });

  it('is dropped at the end although the server ended the session that marks it as living', async () => {
    const replay = await createReplayDatabase(admin_url, 'p_cut', home);
    await admin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1',
      [replay.name],
    );
    await eventually(async () => {
      const { rowCount } = await admin.query(
        'SELECT FROM pg_stat_activity WHERE application_name = $1',
        [replay.name],
      );
      expect(rowCount).toBe(0);
    });
    await replay.drop();
    expect(await replayDatabases()).toEqual([]);
  });

  it('is dropped by the next run when its own run has died, and left alone while that one lives', async () => {
    await admin.query('CREATE DATABASE catalyst_replay_p_dead');
    const living = await createReplayDatabase(admin_url, 'p_living', home);
    const next = await createReplayDatabase(admin_url, 'p_next', home);
    expect(await replayDatabases()).toEqual(['catalyst_replay_p_living', 'catalyst_replay_p_next']);
    await living.drop();
    await next.drop();
  });

  it('is left alone by a run that was started from another database of the same server', async () => {
    const living = await createReplayDatabase(postgres.url, 'p_here', home);
    const next = await createReplayDatabase(admin_url, 'p_there', home);
    expect(await replayDatabases()).toEqual(['catalyst_replay_p_here', 'catalyst_replay_p_there']);
    await living.drop();
    await next.drop();
  });

  it('stays to be read where it is kept, and the next replay of the same home alone drops it', async () => {
    const first = await createReplayDatabase(admin_url, 'p_first', home);
    expect(await findKeptReplay(admin_url, home)).toBeUndefined();
    await first.keep();
    await first.drop();
    expect(await findKeptReplay(admin_url, home)).toBe(first.url);
    const elsewhere = await createReplayDatabase(admin_url, 'p_else', `${home}/else`);
    expect(await replayDatabases()).toEqual(['catalyst_replay_p_else', 'catalyst_replay_p_first']);
    await elsewhere.drop();
    const second = await createReplayDatabase(admin_url, 'p_second', home);
    expect(await replayDatabases()).toEqual(['catalyst_replay_p_second']);
    await second.drop();
  });

  it('is the only one that a home keeps, of two runs at once the one that ended last', async () => {
    const early = await createReplayDatabase(admin_url, 'p_early', home);
    const late = await createReplayDatabase(admin_url, 'p_late', home);
    await late.keep();
    await early.keep();
    expect(await replayDatabases()).toEqual(['catalyst_replay_p_early']);
    expect(await findKeptReplay(admin_url, home)).toBe(early.url);
    await (await createReplayDatabase(admin_url, 'p_last', home)).drop();
    expect(await replayDatabases()).toEqual([]);
  });

  it.each(['paper', 'live'])(
    'is refused with exit code 78 where DATABASE_URL belongs to a %s desk',
    async (mode) => {
      const client = await connectDatabase(admin_url);
      await client.query('DROP TABLE IF EXISTS desk');
      await client.query('CREATE TABLE desk (mode text)');
      await client.query('INSERT INTO desk VALUES ($1)', [mode]);
      await client.end();
      await expect(createReplayDatabase(admin_url, 'p2', home)).rejects.toMatchObject({
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
