import { randomUUID } from 'node:crypto';
import { rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Day } from './day.ts';
import { loadDay } from './load-day.ts';
import { writeDay } from './write-day.ts';

/** What a folder says when another has been filled in the meantime. */
const FULL = new Set(['ENOTEMPTY', 'EEXIST']);

/**
 * Writes a day beside its place, reads it as anyone would, and renames it, so that it is there in
 * full or not at all. RangeError where `dir` is neither absent nor an empty folder; DayError where
 * the day could not be read back.
 */
export const writeNewDay = async (day: Day, dir: string): Promise<Day> => {
  const part = join(dirname(dir), `.${basename(dir)}.part-${randomUUID().slice(0, 8)}`);
  try {
    await writeDay(day, part);
    const loaded = await loadDay(part);
    await rmdir(dir).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(part, dir);
    return { ...loaded, dir };
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    if (FULL.has((error as NodeJS.ErrnoException).code ?? ''))
      throw new RangeError(`out_dir must be absent or an empty folder, ${dir} is not empty`, {
        cause: error,
      });
    throw error;
  }
};
