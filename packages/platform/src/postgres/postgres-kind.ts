import { spawn, execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../free-port.ts';
import { PlatformError } from '../platform-error.ts';
import type { PartAddress, PartKind } from '../processes/open-part.ts';
import { processStart } from '../processes/process-identity.ts';
import { stopProcess } from '../processes/stop-process.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { isPostmasterOf, readPostmaster } from './postmaster-file.ts';
import { serverSettings } from './server-settings.ts';
import { clusterFolder, makePrivateFolder, serverUser } from './server-user.ts';

export type PostgresOptions = {
  /** The folder of this server: its data, password and log. Made when missing. */
  data_dir: string;
  /** A fixed port; otherwise a free one. */
  port?: number;
  /** Faster, and loses data when the machine stops: for tests only. */
  no_sync?: boolean;
};

const superuser = 'catalyst';
/**
 * How long a server whose process lives may leave us without an answer before it counts as stuck:
 * on a busy machine seconds pass.
 */
const answer_wait_ms = 45_000;
const start_wait_ms = 30_000;

export const postgresKind = ({
  data_dir: given,
  port: fixed_port,
  no_sync = false,
}: PostgresOptions): PartKind => {
  const data_dir = existsSync(given) ? realpathSync(given) : given;
  const user = serverUser();
  const cluster = clusterFolder(data_dir, user);
  const password_path = join(data_dir, 'password');
  const log_path = join(data_dir, 'postgres.log');
  const password = () => readFileSync(password_path, 'utf8').trim();
  const address = (port: number, pid: number): PartAddress => ({
    url: `postgres://${superuser}:${password()}@127.0.0.1:${port}/postgres`,
    port,
    pid,
  });

  /**
   * True when the server says anything, and be it that it has no connection left: only silence is
   * none.
   */
  const answers = async ({ url, pid }: PartAddress): Promise<boolean> => {
    const deadline = performance.now() + answer_wait_ms;
    for (;;) {
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
      client.on('error', () => undefined); // a connection that breaks later has answered all the same
      try {
        await client.connect();
        await client.query('SELECT 1');
        return true;
      } catch (error) {
        const { code = '' } = error as { code?: string };
        if (/^53/.test(code)) return true; // out of connections or memory: alive, and used by others
        if (/^28/.test(code) || processStart(pid) === null || performance.now() > deadline)
          return false; // not our server, or none
      } finally {
        await client.end().catch(() => undefined);
      }
      await pause(100);
    }
  };

  const halt = async ({ pid }: { pid: number }): Promise<void> => {
    if (!isPostmasterOf(pid, cluster)) return;
    await stopProcess(pid, [
      { signal: 'SIGINT', wait_ms: 10_000 }, // fast: sessions are ended, everything is written
      { signal: 'SIGQUIT', wait_ms: 5_000 }, // immediate: recovers at the next start
      { signal: 'SIGKILL', wait_ms: 5_000 },
    ]);
  };

  const awaitReady = async (pid: number): Promise<number> => {
    const deadline = performance.now() + start_wait_ms;
    while (performance.now() < deadline) {
      const postmaster = readPostmaster(cluster);
      if (postmaster?.pid === pid && postmaster.status === 'ready' && postmaster.port !== null)
        return postmaster.port;
      if (processStart(pid) === null) break;
      await pause(5);
    }
    throw new PlatformError(
      `PostgreSQL did not start; the end of ${log_path}:\n${logTail(log_path)}`,
      { exit_code: 1 },
    );
  };

  const find = async (): Promise<PartAddress | undefined> => {
    const postmaster = existsSync(cluster) ? readPostmaster(cluster) : undefined;
    if (postmaster === undefined) return undefined;
    if (!isPostmasterOf(postmaster.pid, cluster)) {
      rmSync(join(cluster, 'postmaster.pid'), { force: true }); // or a stranger with this id would keep us from starting
      return undefined;
    }
    if (existsSync(password_path) && (fixed_port === undefined || fixed_port === postmaster.port)) {
      const port = await awaitReady(postmaster.pid).catch(() => null);
      if (port !== null && (await answers(address(port, postmaster.pid))))
        return address(port, postmaster.pid);
    }
    await halt(postmaster);
    return undefined;
  };

  const initialise = async (initdb: string): Promise<void> => {
    const draft = `${cluster}.new`; // renamed when complete: a run that is killed half way leaves no half data folder
    rmSync(draft, { recursive: true, force: true });
    makePrivateFolder(draft, user);
    writeFileSync(password_path, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
    const hand_over = mkdtempSync(join(tmpdir(), 'catalyst-initdb-'));
    const hand_over_file = join(hand_over, 'password');
    writeFileSync(hand_over_file, password(), { mode: 0o600 });
    if (user.uid !== undefined && user.gid !== undefined)
      for (const path of [hand_over, hand_over_file]) chownSync(path, user.uid, user.gid);
    try {
      await promisify(execFile)(
        initdb,
        [
          `--pgdata=${draft}`,
          `--username=${superuser}`,
          `--pwfile=${hand_over_file}`,
          '--auth=scram-sha-256',
          '--encoding=UTF8',
          '--locale-provider=builtin',
          '--builtin-locale=C.UTF-8',
          '--locale=C',
          '--no-instructions',
          ...(no_sync ? ['--no-sync'] : []),
        ],
        { ...user, cwd: '/' },
      );
    } catch (error) {
      throw new PlatformError(
        `PostgreSQL could not make its data folder ${cluster}: ${((error as { stderr?: string }).stderr ?? String(error)).trim()}`,
        { exit_code: 1, cause: error },
      );
    } finally {
      rmSync(hand_over, { recursive: true, force: true });
    }
    renameSync(draft, cluster);
  };

  const prepare = async (): Promise<string> => {
    const binaries = findPostgresBinaries(user);
    const version_path = join(cluster, 'PG_VERSION');
    if (!existsSync(version_path)) await initialise(binaries.initdb);
    const found = readFileSync(version_path, 'utf8').trim();
    if (found !== binaries.major) {
      throw new PlatformError(
        `the data folder ${data_dir} belongs to PostgreSQL ${found}, and this is PostgreSQL ${binaries.major}; move the folder away, or dump it with ${found} and load it here`,
      );
    }
    if (!existsSync(password_path))
      throw new PlatformError(
        `the data folder ${data_dir} has lost its password file ${password_path}; put it back, or move the folder away to begin anew`,
      );
    return binaries.postgres;
  };

  const launch = async (postgres: string, port: number): Promise<PartAddress> => {
    const log = openSync(log_path, 'w', 0o600);
    const child = spawn(
      postgres,
      [
        '-D',
        cluster,
        ...Object.entries(serverSettings(port, no_sync)).flatMap(([name, value]) => [
          '-c',
          `${name}=${value}`,
        ]),
      ],
      {
        ...user,
        cwd: '/',
        detached: true, // Ctrl-C is for the command; the server is stopped in order
        stdio: ['ignore', log, log],
        env: { PATH: process.env.PATH, LC_ALL: 'C' },
      },
    );
    closeSync(log);
    child.unref();
    const failure = new Promise<never>((_, reject) =>
      child.once('error', (error) =>
        reject(
          new PlatformError(`PostgreSQL could not be started: ${error.message}`, {
            exit_code: 1,
            cause: error,
          }),
        ),
      ),
    );
    await Promise.race([failure, awaitReady(child.pid ?? 0)]);
    return address(port, child.pid!);
  };

  const start = async (): Promise<PartAddress> => {
    const postgres = await prepare();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await launch(postgres, fixed_port ?? (await freePort()));
      } catch (error) {
        // Another program may take the free port first, and a killed server's children hold its
        // memory for a moment.
        const worth_repeating =
          fixed_port === undefined ? /could not bind|still in use/ : /still in use/;
        if (attempt === 10 || !worth_repeating.test(String(error))) throw error;
        await pause(100 * attempt);
      }
    }
  };

  const discard = () => rmSync(cluster, { recursive: true, force: true });

  const isRunning = async ({ pid }: PartAddress): Promise<boolean> => isPostmasterOf(pid, cluster);

  return { name: 'postgres', find, start, halt, isRunning, discard };
};

const logTail = (path: string): string =>
  existsSync(path)
    ? readFileSync(path, 'utf8').trimEnd().split('\n').slice(-8).join('\n')
    : '(no log)';
