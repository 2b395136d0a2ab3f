import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import {
  checkoutFolder,
  commandOnPath,
  findNginx,
  findPostgresBinaries,
  findShortage,
  homeFolder,
  planRedis,
  providePostgres,
  provideRedis,
  readRunFile,
  serverUser,
  tryPostgres,
  tryRedis,
} from '@catalyst/platform';
import { loadDay } from '@catalyst/simulator';
import { askDesk } from './ask-desk.ts';
import { findDay } from './find-day.ts';
import { sendTestMail } from './send-test-mail.ts';
import { tryAlpacaKeys } from './try-alpaca-keys.ts';
import { typed } from './typed.ts';

export type Finding = {
  status: 'ok' | 'missing' | 'failed';
  detail: string;
  /** The command that mends it. */ mend: string | null;
};
type Check = { name: string; run: () => Promise<Finding> };

const ok = (detail: string): Finding => ({ status: 'ok', detail, mend: null });
const failed = (detail: string, mend: string): Finding => ({ status: 'failed', detail, mend });
/** Not there, and the demo does not need it. */
const missing = (detail: string, mend: string | null): Finding => ({
  status: 'missing',
  detail,
  mend,
});

const given = { data_dir: '' }; // not used where the address is given

const canConnect = (url: URL): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({
      host: url.hostname,
      port: Number(url.port) || 25,
      timeout: 3_000,
    });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });

/** What the desk depends on, one check each. */
const checksFor = (env: NodeJS.ProcessEnv): Check[] => [
  {
    name: 'node',
    run: async () =>
      Number(process.versions.node.split('.')[0]) >= 24
        ? ok(process.version)
        : failed(`${process.version}, 24 is needed`, typed('doctor')),
  },
  {
    name: 'home',
    run: async () => {
      const home = homeFolder();
      mkdirSync(home, { recursive: true });
      accessSync(home, constants.W_OK);
      const shortage = findShortage(home);
      return shortage === null
        ? ok(home)
        : failed(shortage, 'free disk space, or set CATALYST_HOME to another disk');
    },
  },
  {
    name: 'postgres',
    run: async () => {
      if ((env.DATABASE_URL ?? env.DATABASE_URL_FILE) !== undefined) {
        const { url } = await providePostgres(env, given);
        await tryPostgres(url);
        return ok('the server of DATABASE_URL answers and writes');
      }
      const run = readRunFile(homeFolder());
      if (run?.database_url) {
        await tryPostgres(run.database_url);
        return ok("the desk's server answers and writes");
      }
      const { postgres } = findPostgresBinaries(serverUser());
      return ok(spawnSync(postgres, ['--version'], { encoding: 'utf8', cwd: '/' }).stdout.trim());
    },
  },
  {
    name: 'redis',
    run: async () => {
      if ((env.REDIS_URL ?? env.REDIS_URL_FILE) !== undefined) {
        const { url } = await provideRedis(env, given);
        await tryRedis(url);
        return ok('the server of REDIS_URL answers and writes');
      }
      const run = readRunFile(homeFolder());
      if (run?.redis_url) {
        await tryRedis(run.redis_url);
        return ok("the desk's server answers and writes");
      }
      const plan = await planRedis();
      return plan === null
        ? failed(
            'none here, and none to be had',
            'install redis-server or valkey-server, or set REDIS_URL',
          )
        : ok(plan.startsWith('/') ? `a Redis server in ${plan}` : plan);
    },
  },
  {
    name: 'day',
    run: async () => {
      const { name, dir } = await findDay(undefined);
      const day = await loadDay(dir);
      return ok(`${name}, ${day.securities.length} securities`);
    },
  },
  {
    name: 'desk',
    run: async () => {
      const run = readRunFile(homeFolder());
      if (run === undefined) return missing('none is running', typed('up --embedded'));
      const { unwell } = await askDesk(run);
      return unwell.length === 0
        ? ok(`${run.run_id} (${run.mode}) is ${run.state}, and says that it is well`)
        : failed(`not well: ${unwell.join(', ')}`, typed('status'));
    },
  },
  {
    name: 'alpaca',
    run: async () => {
      const has = (...names: string[]) =>
        names.some((name) => (env[name] ?? env[`${name}_FILE`] ?? '') !== '');
      if (!has('ALPACA_API_KEY', 'APCA_API_KEY_ID', 'ALPACA_SECRET_KEY', 'APCA_API_SECRET_KEY'))
        return missing(
          'no keys; only a paper or live desk needs them',
          'set ALPACA_API_KEY and ALPACA_SECRET_KEY',
        );
      const { account_number, status, is_open } = await tryAlpacaKeys(env);
      return ok(
        `takes the keys: account ${account_number} is ${status}, the market is ${is_open ? 'open' : 'closed'}`,
      );
    },
  },
  {
    name: 'mail',
    run: async () => {
      if (env.SMTP_URL === undefined)
        return missing(
          'no SMTP_URL; only a paper or live desk needs it',
          'set SMTP_URL, MAIL_FROM and MAIL_TO',
        );
      if (!URL.canParse(env.SMTP_URL))
        return failed('SMTP_URL is no address', 'set SMTP_URL like smtp://user:password@host:587');
      return (await canConnect(new URL(env.SMTP_URL)))
        ? ok('the server of SMTP_URL answers')
        : failed(`${new URL(env.SMTP_URL).host} does not answer`, 'check SMTP_URL');
    },
  },
  {
    name: 'nginx',
    run: async () => {
      const nginx = await findNginx({ fetch: false });
      return nginx === null
        ? missing('only the tests of the front door need it', 'install nginx')
        : ok(`${nginx.path} ${nginx.version}`);
    },
  },
  {
    name: 'docker',
    run: async () => {
      const docker = commandOnPath('docker');
      if (docker === null) return missing('only docker compose needs it', null);
      const version = spawnSync(docker, ['version', '--format', '{{.Server.Version}}'], {
        encoding: 'utf8',
        timeout: 5_000,
      });
      return version.status === 0
        ? ok(`daemon ${version.stdout.trim()}`)
        : missing('no daemon answers; only docker compose needs it', null);
    },
  },
  {
    name: 'packages',
    run: async () =>
      existsSync(join(checkoutFolder, 'node_modules', '.catalyst-stamp'))
        ? ok('as package-lock.json says')
        : failed('not installed by the set-up', typed('doctor')),
  },
];

/** Runs every check; one that throws has failed. */
export const runChecks = (
  env: NodeJS.ProcessEnv,
  with_mail: boolean,
): Promise<(Finding & { name: string })[]> =>
  Promise.all(
    [
      ...checksFor(env),
      ...(with_mail ? [{ name: 'test mail', run: async () => ok(await sendTestMail(env)) }] : []),
    ].map(async ({ name, run }) => {
      try {
        return { name, ...(await run()) };
      } catch (error) {
        return { name, ...failed((error as Error).message, 'mend what the message names') };
      }
    }),
  );
