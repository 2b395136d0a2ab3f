import { mkdirSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * Where programs that were fetched for this user stay; falls back to the temporary folder for users
 * without a home.
 */
export const cacheFolder = (env: NodeJS.ProcessEnv = process.env): string => {
  const wanted = [env.XDG_CACHE_HOME, join(homedir(), '.cache')].filter(
    (path): path is string => path !== undefined && path.startsWith('/'),
  );
  for (const base of [...wanted, join(tmpdir(), `catalyst-cache-${userInfo().uid}`)]) {
    try {
      const folder = join(base, 'catalyst');
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    } catch {
      // not writable for this user; the next one
    }
  }
  throw new Error('no folder for fetched programs can be written; set XDG_CACHE_HOME');
};
