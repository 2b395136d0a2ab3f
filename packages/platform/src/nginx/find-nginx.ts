import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../cache-folder.ts';
import { commandOnPath } from '../command-on-path.ts';
import { hasApt, unpackDebianPackage } from '../debian-packages.ts';

const run = promisify(execFile);

export type NginxProgram = { path: string; env: Record<string, string>; version: string };

const versionOf = async (path: string, env: Record<string, string>): Promise<string | null> => {
  try {
    const { stderr } = await run(path, ['-v'], {
      env: { ...process.env, ...env },
      timeout: 10_000,
    });
    return /nginx\/(\S+)/.exec(stderr)?.[1] ?? null;
  } catch {
    return null;
  }
};

/**
 * An Nginx to run: the PATH's, else, on Debian and Ubuntu, one unpacked into a cache folder
 * (installing the package would start a server of the system's own on port 80), else null.
 */
export const findNginx = async ({
  cache_folder = cacheFolder(),
  fetch = true,
}: { cache_folder?: string; fetch?: boolean } = {}): Promise<NginxProgram | null> => {
  const found = commandOnPath('nginx');
  if (found !== null) {
    const version = await versionOf(found, {});
    if (version !== null) return { path: found, env: {}, version };
  }
  if (!fetch || !hasApt()) return null;
  try {
    const { root, library_path } = await unpackDebianPackage('nginx', cache_folder);
    const path = join(root, 'usr', 'sbin', 'nginx');
    const env = { LD_LIBRARY_PATH: library_path };
    const version = await versionOf(path, env);
    return version === null ? null : { path, env, version };
  } catch {
    return null; // no package source answers: whoever asked says what is left out
  }
};
