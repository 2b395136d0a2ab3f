import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../cache-folder.ts';
import { commandOnPath } from '../command-on-path.ts';
import { hasApt, unpackDebianPackage } from '../debian-packages.ts';
import { PlatformError } from '../platform-error.ts';

const run = promisify(execFile);
const install_timeout_ms = 180_000;

/** How to start a Redis server on this machine. */
export type RedisProgram =
  | { kind: 'program'; path: string; env: Record<string, string>; found: string }
  | { kind: 'docker'; docker: string; image: string; found: string };

const redis_image = 'redis:7-alpine';

/**
 * Debian's `redis-tools` holds the server under another name (redis-check-rdb is the same file and
 * goes by the name it is started under). Unlike `redis-server` it brings no system service that
 * would start a Redis of its own.
 */
const debian_package = 'redis-tools';
const debian_program = 'redis-check-rdb';

const program = (
  path: string | null,
  found: string,
  env: Record<string, string> = {},
): RedisProgram | undefined => (path === null ? undefined : { kind: 'program', path, env, found });

const onPath = () =>
  program(
    commandOnPath('redis-server', 'valkey-server', ...(hasApt() ? [debian_program] : [])),
    'on the PATH',
  );

const isServer = (path: string, env: Record<string, string>): boolean =>
  /(Redis|Valkey) server v=/i.test(
    spawnSync(path, ['--version'], {
      argv0: 'redis-server',
      env: { ...process.env, ...env },
      encoding: 'utf8',
      timeout: 10_000,
    }).stdout ?? '',
  );

/** The system's package managers that this user may use, with the commands that install a Redis. */
const managers = (): { name: string; commands: string[][] }[] => {
  const is_root = process.getuid?.() === 0;
  const apt = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', debian_package];
  const known = [
    { name: 'apt-get', needs_root: true, commands: [apt] },
    { name: 'dnf', needs_root: true, commands: [['dnf', 'install', '-y', 'redis']] },
    { name: 'apk', needs_root: true, commands: [['apk', 'add', 'redis']] },
    { name: 'brew', needs_root: false, commands: [['brew', 'install', 'redis']] },
  ];
  return known.filter(
    ({ name, needs_root }) => needs_root === is_root && commandOnPath(name) !== null,
  );
};

const install = async ({
  name,
  commands,
}: {
  name: string;
  commands: string[][];
}): Promise<void> => {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const runAll = async () => {
    for (const [command, ...args] of commands)
      await run(command!, args, { env, timeout: install_timeout_ms });
  };
  // A fresh machine has no package lists, an old one has lists that name files which are gone.
  await runAll().catch(async (error: unknown) => {
    if (name !== 'apt-get') throw error;
    await run('apt-get', ['update', '-q'], { env, timeout: install_timeout_ms });
    await runAll();
  });
};

const reason = (error: unknown): string => {
  const text = String((error as { stderr?: string }).stderr || (error as Error).message)
    .trim()
    .split('\n');
  return text.findLast((line) => /^E:|error/i.test(line)) ?? text.at(-1) ?? 'failed';
};

const dockerAnswers = async (docker: string): Promise<boolean> => {
  try {
    await run(docker, ['version', '--format', '{{.Server.Version}}'], { timeout: 5_000 });
    return true;
  } catch {
    return false; // no daemon, or not for this user
  }
};

/**
 * What `findRedis` would do here, without doing it: where a Redis is, or how one would be had; null
 * when nobody knows.
 */
export const planRedis = async (): Promise<string | null> => {
  const found = onPath();
  if (found?.kind === 'program') return found.path;
  const [manager] = managers();
  if (manager !== undefined) return `will be installed with ${manager.name}`;
  if (hasApt()) return `will be fetched into ${cacheFolder()}`;
  const docker = commandOnPath('docker');
  return docker !== null && (await dockerAnswers(docker)) ? 'will run in Docker' : null;
};

export type FindRedisOptions = { cache_folder?: string; on_progress?: (line: string) => void };

/**
 * A Redis to start: the PATH's, else from the system's package manager where this user may install,
 * else (Debian, Ubuntu) unpacked into a cache folder, else in Docker; PlatformError when none is to
 * be had.
 */
export const findRedis = async ({
  cache_folder = cacheFolder(),
  on_progress = () => {},
}: FindRedisOptions = {}): Promise<RedisProgram> => {
  const found = onPath();
  if (found !== undefined) return found;
  const tried: string[] = [];
  for (const manager of managers()) {
    on_progress(`installing Redis with ${manager.name}`);
    try {
      await install(manager);
      const installed = onPath();
      if (installed !== undefined) return { ...installed, found: `installed with ${manager.name}` };
      tried.push(`${manager.name} installed no redis-server`);
    } catch (error) {
      tried.push(`${manager.name}: ${reason(error)}`);
    }
  }
  if (hasApt()) {
    on_progress(`fetching Redis (${debian_package}) into ${cache_folder}`);
    try {
      const { root, library_path } = await unpackDebianPackage(debian_package, cache_folder);
      const path = join(root, 'usr', 'bin', debian_program);
      const env = { LD_LIBRARY_PATH: library_path };
      if (isServer(path, env)) return { kind: 'program', path, env, found: `unpacked in ${root}` };
      tried.push(`${path} is no Redis server`);
    } catch (error) {
      tried.push(`unpacking ${debian_package}: ${reason(error)}`);
    }
  }
  const docker = commandOnPath('docker');
  if (docker !== null && (await dockerAnswers(docker)))
    return { kind: 'docker', docker, image: redis_image, found: 'in Docker' };
  throw new PlatformError(
    `no Redis is to be had here${tried.length > 0 ? ` (${tried.join('; ')})` : ''}; install redis-server or valkey-server, or set REDIS_URL, for example after: docker run -d -p 127.0.0.1:6379:6379 ${redis_image}`,
  );
};
