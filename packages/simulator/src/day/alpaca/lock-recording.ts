import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RecordingError } from './recording-error.ts';

/** Folders that this process is recording into: after a restart another process can have the number that is written down. */
const held = new Set<string>();

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Holds a recording's folder until what it returns is called. RecordingError while another recording holds it; what a killed one left is taken over. */
export const lockRecording = async (rawDir: string): Promise<() => Promise<void>> => {
  const path = join(rawDir, 'lock');
  await mkdir(rawDir, { recursive: true });
  for (;;) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx' });
      held.add(path);
      return async () => {
        held.delete(path);
        await rm(path, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = await readFile(path, 'utf8').catch(() => '');
    const isHeld = owner === String(process.pid) ? held.has(path) : /^\d+$/.test(owner) && isAlive(Number(owner));
    if (isHeld) throw new RecordingError('refused', `the same day is being recorded already, by process ${owner}; wait for it, or if there is none delete ${path}`);
    await rm(path, { force: true });
  }
};
