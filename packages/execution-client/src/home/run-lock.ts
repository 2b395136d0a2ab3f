import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const lockOf = (folder: string): DatabaseSync =>
  // as long as somebody's look at it takes
  new DatabaseSync(join(folder, 'run.lock'), { timeout: 200 });

/**
 * Held by the one process that trades with a home; the system takes it back however that process
 * ends. Null where another holds it.
 */
export const takeRunLock = (folder: string): { release: () => void } | null => {
  const lock = lockOf(folder);
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return { release: () => lock.close() };
  } catch {
    lock.close();
    return null;
  }
};

const SQLITE_BUSY = 5;

/** Whether a process holds it now, without taking it. */
export const isRunLocked = (folder: string): boolean => {
  const lock = lockOf(folder);
  try {
    lock.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    return true;
  } finally {
    lock.close();
  }
};
