import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandOnPath } from './command-on-path.ts';

const run = promisify(execFile);
const timeout_ms = 180_000;

/**
 * A folder that Debian packages were unpacked into, and the library path that their programs need.
 */
export type UnpackedPackages = { root: string; library_path: string };

export const hasApt = (): boolean =>
  commandOnPath('apt-get') !== null && commandOnPath('dpkg') !== null;

const libraryPath = (root: string): string =>
  ['usr/lib', 'lib']
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => [
      ...readdirSync(folder)
        .filter((name) => name.endsWith('-linux-gnu') || name.includes('-linux-gnu'))
        .map((name) => join(folder, name)),
      folder,
    ])
    .join(':');

/** The packages that installing `name` would add to this machine: itself and what it misses. */
const missingPackages = async (name: string, options: string[]): Promise<string[]> => {
  const { stdout } = await run(
    'apt-get',
    [...options, '--simulate', '--no-install-recommends', 'install', name],
    { timeout: timeout_ms, env: { ...process.env, LC_ALL: 'C' } },
  );
  return [...stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]!);
};

/**
 * Fetches a Debian package and what it misses, and unpacks them below `folder` without installing
 * anything: needs no rights, and starts no service. Uses what an earlier call left there.
 */
export const unpackDebianPackage = async (
  name: string,
  folder: string,
): Promise<UnpackedPackages> => {
  const root = join(folder, name);
  if (existsSync(root)) return { root, library_path: libraryPath(root) };
  const work = join(folder, `${name}.${process.pid}`);
  const archives = join(work, 'archives');
  const unpacked = join(work, 'root');
  // Package lists of our own: the system's may be missing, and only root may refresh them.
  const own_lists = [
    `Dir::State::Lists=${join(work, 'lists')}`,
    `Dir::Cache=${join(work, 'cache')}`,
  ].flatMap((option) => ['-o', option]);
  try {
    for (const path of [
      archives,
      unpacked,
      join(work, 'lists', 'partial'),
      join(work, 'cache', 'archives', 'partial'),
    ])
      mkdirSync(path, { recursive: true });
    const fetch = async (options: string[]) => {
      const names = await missingPackages(name, options);
      if (!names.includes(name)) names.push(name);
      await run('apt-get', [...options, 'download', ...names], {
        cwd: archives,
        timeout: timeout_ms,
      });
    };
    await fetch([]).catch(async () => {
      await run('apt-get', [...own_lists, 'update'], { timeout: timeout_ms });
      await fetch(own_lists);
    });
    for (const archive of readdirSync(archives))
      await run('dpkg', ['-x', join(archives, archive), unpacked], { timeout: timeout_ms });
    try {
      renameSync(unpacked, root);
    } catch (error) {
      if (!existsSync(root)) throw error; // another run was first
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return { root, library_path: libraryPath(root) };
};
