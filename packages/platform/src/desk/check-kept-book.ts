import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkoutFolder } from '../checkout-folder.ts';
import { compileCache } from '../processes/compile-cache.ts';
import { keptBook, openKeptDatabase, type Kept } from './open-kept-database.ts';

/** A book of years is read whole. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * What trading's own program says of the book that the last replay of this home kept, else of its
 * desk that is stopped; undefined where there is neither. No service runs for it, and nothing stays
 * running.
 */
export const checkKeptBook = async (
  home: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ of: Kept['of']; result: unknown } | undefined> => {
  const kept = await openKeptDatabase(home, env, keptBook);
  if (kept === undefined) return undefined;
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(checkoutFolder, 'services/trading/src/check-book.ts')],
      { env: { ...compileCache(), DATABASE_URL: kept.database_url }, maxBuffer: MOST_BYTES },
    );
    const [last] = stdout.trimEnd().split('\n').slice(-1);
    return { of: kept.of, result: JSON.parse(last!) as unknown };
  } finally {
    await kept.stop();
  }
};
