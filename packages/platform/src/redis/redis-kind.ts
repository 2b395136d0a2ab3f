import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { PlatformError } from '../platform-error.ts';
import type { PartAddress, PartKind } from '../processes/open-part.ts';
import { identifyProcess, isSameProcess, processStart } from '../processes/process-identity.ts';
import { stopProcess } from '../processes/stop-process.ts';
import { askRedis } from './ask-redis.ts';
import { findRedis, type FindRedisOptions, type RedisProgram } from './find-redis.ts';

export type RedisOptions = FindRedisOptions & {
  /** The folder of this server: its data, address and log. Made when missing. */
  data_dir: string;
  /** A fixed port; otherwise a free one. */
  port?: number;
  /** The password of an earlier start; otherwise a new one. */
  password?: string;
  /**
   * Keeps what is stored over a restart (append-only file, written each second). Off for tests and
   * replays.
   */
  durable?: boolean;
};

/** What we remember of a running server, with the password: mode 0600. */
type RedisRecord = {
  pid: number;
  started: string;
  port: number;
  password: string;
  container?: string;
};

const run = promisify(execFile);
const start_wait_ms = 15_000;
/**
 * How long a server whose process lives may leave us without an answer before it counts as stuck:
 * on a busy machine seconds pass.
 */
const answer_wait_ms = 30_000;

const configuration = (port: number, password: string, folder: string, durable: boolean): string =>
  [
    `port ${port}`,
    'bind 127.0.0.1',
    'protected-mode yes',
    `requirepass ${password}`,
    `dir "${folder}"`,
    'save ""',
    `appendonly ${durable ? 'yes' : 'no'}`,
    'appendfsync everysec',
    'daemonize no',
    '',
  ].join('\n');

/** The process id that answers at this address, or null. */
const answeringProcess = (url: string): Promise<number | null> =>
  askRedis(url, 2_000).catch(() => null);

export const redisKind = ({
  data_dir: given,
  port: fixed_port,
  password: given_password,
  durable = false,
  ...search
}: RedisOptions): PartKind => {
  const data_dir = existsSync(given) ? realpathSync(given) : given;
  const record_path = join(data_dir, 'redis.json');
  const log_path = join(data_dir, 'redis.log');
  const data_folder = join(data_dir, 'data');
  const address = ({ port, password, pid }: RedisRecord): PartAddress => ({
    url: `redis://:${password}@127.0.0.1:${port}/0`,
    port,
    pid,
  });

  const newPassword = (): string => given_password ?? randomBytes(24).toString('base64url');

  const remember = (record: RedisRecord): PartAddress => {
    writeFileSync(`${record_path}.next`, JSON.stringify(record), { mode: 0o600 });
    renameSync(`${record_path}.next`, record_path); // a full disk leaves the old one whole
    return address(record);
  };
  const recall = (): RedisRecord | undefined =>
    existsSync(record_path)
      ? (JSON.parse(readFileSync(record_path, 'utf8')) as RedisRecord)
      : undefined;

  const halt = async ({ pid }: { pid: number }): Promise<void> => {
    const record = recall();
    if (record?.container !== undefined)
      await run('docker', ['rm', '-f', record.container], { timeout: 30_000 }).catch(
        () => undefined,
      ); // gone already
    else if (record === undefined || (record.pid === pid && isSameProcess(record))) {
      await stopProcess(pid, [
        { signal: 'SIGTERM', wait_ms: 5_000 },
        { signal: 'SIGKILL', wait_ms: 5_000 },
      ]);
    }
    rmSync(record_path, { force: true });
  };

  const find = async (): Promise<PartAddress | undefined> => {
    const record = recall();
    if (record === undefined) return undefined;
    const isAlive = (): boolean => record.container !== undefined || isSameProcess(record);
    const deadline = performance.now() + answer_wait_ms;
    while (
      isAlive() &&
      (fixed_port === undefined || fixed_port === record.port) &&
      performance.now() < deadline
    ) {
      const pid = await answeringProcess(address(record).url);
      if (pid !== null && record.container === undefined && pid !== record.pid) break; // a stranger took its port
      if (pid !== null) return address(record);
      await pause(100);
    }
    await halt(record);
    return undefined;
  };

  const launch = async (
    program: Extract<RedisProgram, { kind: 'program' }>,
    port: number,
  ): Promise<PartAddress> => {
    const password = newPassword();
    mkdirSync(data_folder, { recursive: true, mode: 0o700 });
    const log = openSync(log_path, 'w', 0o600);
    const child = spawn(program.path, ['-'], {
      argv0: 'redis-server',
      cwd: data_folder,
      detached: true, // Ctrl-C is for the command; the server is stopped in order
      stdio: ['pipe', log, log],
      env: { PATH: process.env.PATH, ...program.env },
    });
    closeSync(log);
    child.unref();
    let failure: Error | undefined;
    child.once('error', (error) => (failure = error));
    child.stdin!.on('error', () => undefined); // the server ended before it read: told by its log below
    child.stdin!.end(configuration(port, password, data_folder, durable)); // not on the command line, where every user sees it
    const identity = child.pid === undefined ? null : identifyProcess(child.pid);
    const deadline = performance.now() + start_wait_ms;
    while (
      identity !== null &&
      failure === undefined &&
      processStart(identity.pid) !== null &&
      performance.now() < deadline
    ) {
      const record = { ...identity, port, password };
      if ((await answeringProcess(address(record).url)) === identity.pid) {
        try {
          return remember(record);
        } catch (error) {
          failure = error as Error; // no space to remember it: nobody would find it again
        }
      }
      await pause(10);
    }
    if (identity !== null && isSameProcess(identity))
      await stopProcess(identity.pid, [{ signal: 'SIGKILL', wait_ms: 5_000 }]);
    const tail = readFileSync(log_path, 'utf8').trimEnd().split('\n').slice(-6).join('\n');
    throw new PlatformError(
      `Redis (${program.path}) did not start: ${failure?.message ?? `the end of ${log_path}:\n${tail}`}`,
      { exit_code: 1 },
    );
  };

  const launchInDocker = async (
    { docker, image }: Extract<RedisProgram, { kind: 'docker' }>,
    port: number,
  ): Promise<PartAddress> => {
    const password = newPassword();
    const { stdout } = await run(
      docker,
      [
        'run',
        '--detach',
        '--rm',
        '--publish',
        `127.0.0.1:${port}:6379`,
        '--env',
        `REDIS_PASSWORD=${password}`,
        image,
        'sh',
        '-c',
        'exec redis-server --save "" --requirepass "$REDIS_PASSWORD"',
      ],
      { timeout: 180_000 },
    );
    const record = { pid: 0, started: '', port, password, container: stdout.trim() };
    const deadline = performance.now() + start_wait_ms;
    while (performance.now() < deadline) {
      if ((await answeringProcess(address(record).url)) !== null) return remember(record);
      await pause(50);
    }
    await run(docker, ['rm', '-f', record.container], { timeout: 30_000 });
    throw new PlatformError(`Redis in Docker (${image}) did not answer on port ${port}`, {
      exit_code: 1,
    });
  };

  const start = async (): Promise<PartAddress> => {
    const program = await findRedis(search);
    for (let attempt = 1; ; attempt += 1) {
      const port = fixed_port ?? (await freePort());
      try {
        return program.kind === 'docker'
          ? await launchInDocker(program, port)
          : await launch(program, port);
      } catch (error) {
        if (
          fixed_port !== undefined ||
          attempt === 5 ||
          !/Address already in use|port is already allocated/.test(String(error))
        )
          throw error;
      }
    }
  };

  const isRunning = async ({ pid, url }: PartAddress): Promise<boolean> => {
    if (pid === 0) return (await answeringProcess(url)) !== null; // in a container
    const record = recall();
    return record?.pid === pid && isSameProcess(record);
  };

  return { name: 'redis', find, start, halt, isRunning };
};
