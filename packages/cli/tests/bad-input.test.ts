import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { serviceNames, services } from '@catalyst/contracts';
import {
  compileCache,
  connectDatabase,
  databaseUrl,
  freePort,
  sharedPostgres,
} from '@catalyst/platform';
import { runCatalyst, temporaryFolder } from './run-catalyst.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const home = (name: string): string => join(folder.path, name);

describe('a demo pointed at the database of a desk that trades', () => {
  const name = `catalyst_cli_desk_${process.pid}`;
  let admin_url: string;
  let desk_url: string;
  beforeAll(async () => {
    admin_url = (await sharedPostgres()).url;
    const admin = await connectDatabase(admin_url);
    await admin.query(`CREATE DATABASE ${name}`);
    await admin.end();
    desk_url = databaseUrl(admin_url, name);
  });
  afterAll(async () => {
    const admin = await connectDatabase(admin_url);
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  });

  it.each(['paper', 'live'])(
    'refuses with 78 and one sentence where DATABASE_URL is a %s desk, and changes nothing in it',
    async (mode) => {
      const client = await connectDatabase(desk_url);
      await client.query('DROP TABLE IF EXISTS desk');
      await client.query('CREATE TABLE desk (mode text)');
      await client.query('INSERT INTO desk VALUES ($1)', [mode]);
      for (const verb of [['demo'], ['up', '--embedded', '--mode', 'replay']]) {
        const { code, stdout, stderr } = await runCatalyst([...verb, '--json'], {
          home: home('desk'),
          env: { DATABASE_URL: desk_url },
        });
        expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
        const told = JSON.parse(stderr.trimEnd().split('\n').at(-1)!) as {
          error: { code: string; message: string };
        };
        expect(told.error.code).toBe('BAD_CONFIGURATION');
        expect(told.error.message).toContain(`belongs to a ${mode} desk`);
        expect(told.error.message).not.toContain(new URL(desk_url).password);
      }
      const { rows } = await client.query(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace",
      );
      await client.end();
      expect(rows).toEqual([{ relname: 'desk' }]);
    },
    60_000,
  );
});

describe('the command where something is not as it must be', () => {
  it('ends with 78 and one sentence where no Redis is to be had', async () => {
    const bin = join(folder.path, 'bin');
    mkdirSync(bin);
    const { code, stdout, stderr } = await runCatalyst(['demo'], {
      home: home('no-redis'),
      env: {
        PATH: bin,
        HOME: home('no-redis'),
        XDG_CACHE_HOME: home('no-redis'),
        DATABASE_URL: (await sharedPostgres()).url,
      },
    });
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toMatch(
      /catalyst: no Redis is to be had here.*install redis-server or valkey-server, or set REDIS_URL/,
    );
    expect(stderr).not.toContain('    at ');
  }, 60_000);

  it('ends with 78 and one sentence where REDIS_URL leads nowhere, without its password', async () => {
    const { code, stderr } = await runCatalyst(['demo'], {
      home: home('dead-redis'),
      env: {
        DATABASE_URL: (await sharedPostgres()).url,
        REDIS_URL: `redis://:hunter2@127.0.0.1:${await freePort()}/0`,
      },
    });
    expect(code).toBe(78);
    expect(stderr).toMatch(
      /catalyst: Redis at redis:\/\/:\*\*\*@127\.0\.0\.1:\d+\/0 does not answer/,
    );
    expect(stderr).not.toContain('hunter2');
  }, 60_000);

  it('ends with 78 and names every fixed port that is taken, and leaves nothing running', async () => {
    const strangers = await Promise.all(
      [services.risk.port, services.news.port].map(
        (port) =>
          new Promise<Server | null>((resolve) => {
            const server = createServer();
            server
              .once('error', () => resolve(null))
              .listen(port, '127.0.0.1', () => resolve(server));
          }),
      ),
    );
    try {
      const { code, stdout, stderr } = await runCatalyst(['up', '--embedded', '--fixed-ports'], {
        home: home('ports'),
      });
      expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
      expect(stderr).toMatch(
        new RegExp(
          `these ports are taken by other programs: .*${services.risk.port} \\(risk\\).*${services.news.port} \\(news\\)`,
        ),
      );
      expect(await runCatalyst(['down'], { home: home('ports') })).toMatchObject({
        code: 0,
        stdout: 'nothing is running\n',
      });
    } finally {
      for (const server of strangers) server?.close();
      await runCatalyst(['down'], { home: home('ports') });
    }
  }, 120_000);

  it('ends with 78 and one sentence where the data folder is of another version of PostgreSQL, and leaves its data alone', async () => {
    const cluster = join(home('old'), 'parts', 'postgres', 'data');
    const version_path = join(cluster, 'PG_VERSION');
    mkdirSync(cluster, { recursive: true });
    writeFileSync(version_path, '14\n');
    writeFileSync(join(home('old'), 'parts', 'postgres', 'password'), 'x\n');
    const { code, stdout, stderr } = await runCatalyst(['demo'], { home: home('old') });
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toMatch(
      /catalyst: the data folder .* belongs to PostgreSQL 14, and this is PostgreSQL 18/,
    );
    expect(stderr).not.toContain('    at ');
    expect(readFileSync(version_path, 'utf8')).toBe('14\n');
  }, 120_000);

  it('ends with 78 and says what to do where the desk of another version runs', async () => {
    mkdirSync(home('version'), { recursive: true });
    const started = readFileSync(`/proc/${process.pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19]!;
    writeFileSync(
      join(home('version'), 'run.json'),
      JSON.stringify({ layout: 'of another version', supervisor: { pid: process.pid, started } }),
    );
    for (const verb of [['status'], ['up', '--embedded'], ['down']]) {
      const { code, stderr } = await runCatalyst(verb, { home: home('version') });
      expect([code, stderr]).toEqual([
        78,
        expect.stringMatching(
          new RegExp(
            `^catalyst: another version of catalyst runs a desk in .* \\(process ${process.pid}\\); end it .*\\n$`,
          ),
        ),
      ]);
    }
  });

  it('forgets what a killed desk left cut off in its file', async () => {
    mkdirSync(home('cut'), { recursive: true });
    writeFileSync(join(home('cut'), 'run.json'), '{"state":"rea');
    expect((await runCatalyst(['status'], { home: home('cut') })).stderr).toContain(
      'no desk is running',
    );
    expect(existsSync(join(home('cut'), 'run.json'))).toBe(false);
  });
});

describe('a service with a missing or wrong environment', () => {
  it.each([...serviceNames])('%s ends with 78 and tells all faults at once', (name) => {
    const main = new URL(`../../../services/${name}/src/main.ts`, import.meta.url).pathname;
    const { status, stderr } = spawnSync(process.execPath, [main], {
      env: { ...compileCache(), PATH: process.env.PATH, TRADING_MODE: 'lvie', PORT: 'http' },
      encoding: 'utf8',
    });
    expect(status).toBe(78);
    for (const variable of [
      'TRADING_MODE',
      'PORT',
      'REDIS_URL',
      'SERVICE_KEY',
      'SERVICE_KEY_HASHES',
      'CATALYST_HOME',
      ...(services[name].uses_database ? ['DATABASE_URL'] : []),
    ])
      expect(stderr).toMatch(new RegExp(`\\b${variable}\\b`));
    expect(stderr).toContain(`${name} cannot start`);
    expect(stderr).not.toContain('    at ');
  });
});
