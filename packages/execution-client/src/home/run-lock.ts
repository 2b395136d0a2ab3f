import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Held by the one process that trades with a home; the system takes it back however that process
 * ends. Null where another holds it.
 */
export const takeRunLock = (folder: string): { release: () => void } | null => {
  const lock = new DatabaseSync(join(folder, 'run.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return { release: () => lock.close() };
  } catch {
    lock.close();
    return null;
  }
};
