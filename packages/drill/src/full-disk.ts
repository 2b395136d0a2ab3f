import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { clusterFolder, serverUser } from '@catalyst/platform';
import { cancelAtBroker } from './broker-faults.ts';
import { msUntilStop } from './dead-database.ts';
import type { Scene } from './scene.ts';
import { finish, hold, lastSeq } from './settle.ts';

/** Above the floor below which no desk starts; only what is written takes memory. */
const SIZE_MB = 1200;
const FULL_FOR_MS = 6000;
const FILLS_AFTER_MS = 1500;
const FILL_TRIES = 20;

let mounted: string | null = null;
const NOT_MOUNTED = 'a file system of its own may not be mounted here';

const remount = (path: string, size: string): void =>
  void execFileSync('mount', ['-o', `remount,size=${size}`, path], { stdio: 'pipe' });

/** Takes away all that is free; what the desk writes meanwhile needs another look. */
const fill = (path: string): void => {
  for (let tries = 1; ; tries += 1) {
    const { blocks, bfree, bsize } = statfsSync(path);
    try {
      remount(path, String((blocks - bfree) * bsize));
      return;
    } catch (error) {
      if (tries === FILL_TRIES) throw error;
    }
  }
};

/** Gives a folder a file system of its own, so that it can be full; null where this user may not. */
export const mountSmallDisk = (path: string): (() => void) | null => {
  try {
    const options = `size=${SIZE_MB}m,mode=711`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'pipe' });
  } catch {
    return null;
  }
  mounted = path;
  return () => {
    mounted = null;
    execFileSync('umount', ['-l', path], { stdio: 'pipe' });
  };
};

/** Whether this user may: tried on a folder of its own. */
const mayMount = (): boolean => {
  if (mounted !== null) return true;
  const path = mkdtempSync(join(tmpdir(), 'catalyst-disk-'));
  const unmount = mountSmallDisk(path);
  unmount?.();
  rmSync(path, { recursive: true });
  return unmount !== null;
};

/** Everything that the desk writes is on that disk: database, journals, logs, the exchange's too. */
export const fullDisk: Scene = {
  name: 'full_disk',
  says: 'the disk of database, journals and logs takes nothing for 6 s, in which somebody cancels the legs of what is held, past the desk',
  left_out: () => (mayMount() ? null : NOT_MOUNTED),
  run: async (desk) => {
    const faults: string[] = [];
    const path = mounted!;
    if (!clusterFolder(desk.postgres_dir, serverUser()).startsWith(path))
      faults.push('the database is on another disk');
    const seq = await lastSeq(desk);
    const symbol = await hold(desk);
    const hit_at = desk.now();
    fill(path);
    try {
      if (statfsSync(path).bavail > 8) faults.push('the disk was not full');
      const begun = performance.now();
      await pause(FILLS_AFTER_MS);
      await cancelAtBroker(desk, symbol, () => true);
      if ((await msUntilStop(desk, symbol)) === null)
        faults.push(`${symbol} got no stop while the disk was full`);
      await pause(Math.max(0, FULL_FOR_MS - (performance.now() - begun)));
    } finally {
      remount(path, `${SIZE_MB}m`);
    }
    return finish(desk, fullDisk, { seq, symbols: [symbol], hit_at }, [], faults);
  },
};
