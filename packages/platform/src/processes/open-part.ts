import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { unwritable } from '../free-space.ts';
import { PlatformError } from '../platform-error.ts';
import { compileCache } from './compile-cache.ts';
import { identifyProcess, isSameProcess, type ProcessIdentity } from './process-identity.ts';
import { partUsers } from './part-users.ts';
import type { PartName } from './process-event.ts';

/** Where a running part answers. */
export type PartAddress = { url: string; port: number; pid: number };

/** A part of the platform in use; `stop` ends it unless another process still uses it. */
export type RunningPart = PartAddress & { stop: () => Promise<void> };

/** What a program of its own (PostgreSQL, Redis) must be able to do to be shared. */
export type PartKind = {
  name: PartName;
  /** Finds the one that runs on this folder and answers; ends one that runs and does not answer. */
  find: () => Promise<PartAddress | undefined>;
  start: () => Promise<PartAddress>;
  halt: (address: PartAddress) => Promise<void>;
  /** Whether the one of this address has not ended; whether it answers is another question. */
  isRunning: (address: PartAddress) => Promise<boolean>;
  /** Removes the data of one that is halted, where it has much. */
  discard?: () => void;
};

/** Files in here take memory for as long as they are there. */
export const memory_folder = '/dev/shm';

const lock_wait_ms = 100_000;
const lock_poll_ms = 50;

/** Waits for whoever has the lock; a folder that cannot be written is told at once. */
const takeLock = async (folder: string): Promise<() => Promise<void>> => {
  const deadline = performance.now() + lock_wait_ms;
  for (;;) {
    try {
      return await lock(folder, {
        lockfilePath: join(folder, 'start.lock'),
        stale: 10_000,
        update: 1_000,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw unwritable(folder, error);
      if (performance.now() > deadline)
        throw new PlatformError(
          `another catalyst has been starting or stopping something in ${folder} for ${lock_wait_ms / 1000} s; end it, or remove ${join(folder, 'start.lock')}`,
          { exit_code: 1, cause: error },
        );
      await pause(lock_poll_ms);
    }
  }
};

/** Runs `action` while no other process starts or stops the part of this folder. */
export const withPartLock = async <T>(folder: string, action: () => Promise<T>): Promise<T> => {
  const release = await takeLock(folder);
  try {
    return await action();
  } finally {
    await release();
  }
};

const keeper_file = 'keeper.json';

/** Starts the process that ends the part once nobody uses it, unless one watches already. */
const startKeeper = (folder: string, kind: PartKind['name'], grace_ms: number): void => {
  const path = join(folder, keeper_file);
  if (existsSync(path)) {
    const keeper = JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
    if (isSameProcess(keeper)) return;
  }
  const child = spawn(
    process.execPath,
    [
      '--max-old-space-size=64',
      fileURLToPath(new URL('./keep-part.ts', import.meta.url)),
      kind,
      folder,
      String(grace_ms),
    ],
    {
      detached: true,
      stdio: 'ignore',
      env: { ...compileCache(), PATH: process.env.PATH },
    },
  );
  child.unref();
  const identity = child.pid === undefined ? null : identifyProcess(child.pid);
  if (identity !== null) writeFileSync(path, JSON.stringify(identity));
};

export type KeepOptions = {
  /**
   * Leaves the end of the part to a process of its own: it comes this many milliseconds after the
   * last user is gone, however that one ended. Otherwise the last `stop` ends it.
   */
  keep_ms?: number;
};

/** Uses the part of this folder: the one that runs already, else a new one. */
export const openPart = async (
  folder: string,
  kind: PartKind,
  { keep_ms }: KeepOptions = {},
): Promise<RunningPart> => {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o711); // secrets below have modes of their own; the server's user must pass through
  const users = partUsers(join(folder, 'users'));
  const { address, leave } = await withPartLock(folder, async () => {
    const leave = users.add();
    try {
      const address = (await kind.find()) ?? (await kind.start());
      if (keep_ms !== undefined) startKeeper(folder, kind.name, keep_ms);
      return { address, leave };
    } catch (error) {
      leave();
      throw error;
    }
  });
  let stopped: Promise<void> | undefined;
  const stop = () =>
    withPartLock(folder, async () => {
      leave();
      if (keep_ms !== undefined || users.countLiving() > 0) return;
      // Not the address of our start: the part may have crashed and been started again since.
      const running = await kind.find();
      if (running !== undefined) await kind.halt(running);
    });
  return { ...address, stop: () => (stopped ??= stop()) };
};
