import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RecordingError } from './recording-error.ts';

/**
 * What this process has written into locks that it holds: after a restart another process can have
 * the number that is written down.
 */
const held = new Set<string>();

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const readLock = async (path: string): Promise<string | null> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });

/**
 * Whether there was no file `path` and now there is one of what `source` holds, whole from the
 * beginning.
 */
const tryLink = async (source: string, path: string): Promise<boolean> => {
  try {
    await link(source, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

/**
 * Makes the lock `path`. One that a killed process left is replaced by whoever holds the lock on
 * just that: so no two replace it, and nobody replaces the lock of its successor.
 */
const acquire = async (path: string): Promise<() => Promise<void>> => {
  const mine = `${process.pid} ${randomUUID()}`;
  const source = `${path}-${mine.replace(' ', '-')}`;
  const release = async (): Promise<void> => {
    await rm(path, { force: true });
    held.delete(mine);
  };
  held.add(mine);
  try {
    await writeFile(source, mine);
    for (;;) {
      if (await tryLink(source, path)) return release;
      const theirs = await readLock(path);
      if (theirs === null) continue;
      const [owner = ''] = theirs.split(' ');
      const isHeld =
        owner === String(process.pid)
          ? held.has(theirs)
          : /^\d+$/.test(owner) && isAlive(Number(owner));
      if (isHeld)
        throw new RecordingError(
          'refused',
          `the same day is being recorded already, by process ${owner}; wait for it, or if there is none delete ${path}`,
        );
      const done = await acquire(`${path}-after-${theirs.replace(/\W/g, '-').slice(0, 50)}`);
      try {
        if ((await readLock(path)) === theirs) {
          await rename(source, path);
          return release;
        }
      } finally {
        await done();
      }
    }
  } catch (error) {
    held.delete(mine);
    throw error;
  } finally {
    await rm(source, { force: true });
  }
};

/**
 * Holds a recording's folder until what it returns is called. RecordingError while another
 * recording holds it; what a killed one left is taken over.
 */
export const lockRecording = async (rawDir: string): Promise<() => Promise<void>> => {
  await mkdir(rawDir, { recursive: true });
  return acquire(join(rawDir, 'lock'));
};
