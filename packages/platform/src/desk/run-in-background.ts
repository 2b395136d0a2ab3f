import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '../free-space.ts';
import { PlatformError } from '../platform-error.ts';
import { openPart, withPartLock, type PartKind } from '../processes/open-part.ts';
import { openLog } from '../processes/spawn-program.ts';
import { stopProcess } from '../processes/stop-process.ts';
import { postgresKind } from '../postgres/postgres-kind.ts';
import { redisKind } from '../redis/redis-kind.ts';
import { readRunFile, removeRunFile, type RunFile } from './run-file.ts';
import type { DeskOptions } from './start-desk.ts';
import type { SupervisorMessage } from './supervisor.ts';

export type BackgroundOptions = Pick<
  DeskOptions,
  'home' | 'mode' | 'day_dir' | 'fixed_ports' | 'log_level' | 'services'
> & {
  /** No desk runs yet: one is started now. */ on_begin?: () => void;
  on_progress?: (line: string) => void;
  /** Ends what was begun; the promise then rejects with its reason. */
  signal?: AbortSignal;
};

/** Starts a desk that stays when the command ends. One runs already: that one is the answer. */
export const startInBackground = async ({
  on_begin = () => {},
  on_progress = () => {},
  signal,
  ...options
}: BackgroundOptions): Promise<{ run: RunFile; was_running: boolean }> => {
  const { home } = options;
  makeFolder(home);
  return withPartLock(home, async () => {
    const found = readRunFile(home);
    if (found !== undefined) {
      if (found.state === 'ready') return { run: found, was_running: true };
      throw new PlatformError(
        `a desk is starting already (process ${found.supervisor.pid}); try again in a moment`,
        { exit_code: 1 },
      );
    }
    signal?.throwIfAborted();
    on_begin();
    mkdirSync(join(home, 'logs'), { recursive: true });
    const log = openLog(join(home, 'logs', 'supervisor.log'));
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        fileURLToPath(new URL('./supervisor.ts', import.meta.url)),
        JSON.stringify(options),
      ],
      {
        detached: true,
        stdio: ['ignore', log, log, 'ipc'],
        cwd: home,
      },
    );
    closeSync(log);
    let end = (): void => undefined;
    const outcome = await new Promise<SupervisorMessage>((resolve) => {
      end = () => resolve({ kind: 'failed', message: 'the start was ended', exit_code: 1 });
      signal?.addEventListener('abort', end, { once: true });
      child.on('message', (message) => {
        const told = message as SupervisorMessage;
        if (told.kind === 'progress') on_progress(told.line);
        else resolve(told);
      });
      child.once('error', (error) =>
        resolve({ kind: 'failed', message: error.message, exit_code: 1 }),
      );
      child.once('exit', (code, signal) =>
        resolve({
          kind: 'failed',
          message: `the supervisor ended (${signal ?? `exit code ${code}`}); see ${join(home, 'logs', 'supervisor.log')}`,
          exit_code: 1,
        }),
      );
    });
    signal?.removeEventListener('abort', end);
    if (child.connected) child.disconnect();
    child.unref();
    if (signal?.aborted) {
      await stopProcess(child.pid!, [
        { signal: 'SIGTERM', wait_ms: 60_000 },
        { signal: 'SIGKILL', wait_ms: 5_000 },
      ]);
      signal.throwIfAborted();
    }
    if (outcome.kind === 'failed')
      throw new PlatformError(outcome.message, { exit_code: outcome.exit_code === 78 ? 78 : 1 });
    return { run: readRunFile(home)!, was_running: false };
  });
};

/** Ends what a killed run left behind of the parts that nobody uses. */
const stopUnusedParts = async (home: string): Promise<string[]> => {
  const stopped: string[] = [];
  const kinds: [string, (data_dir: string) => PartKind][] = [
    ['postgres', (data_dir) => postgresKind({ data_dir })],
    ['redis', (data_dir) => redisKind({ data_dir })],
    ['redis-durable', (data_dir) => redisKind({ data_dir })],
  ];
  for (const [name, kindOf] of kinds) {
    const folder = join(home, 'parts', name);
    if (!existsSync(folder)) continue;
    const kind = kindOf(folder);
    const running = await withPartLock(folder, kind.find);
    if (running === undefined) continue;
    await (await openPart(folder, { ...kind, start: async () => running })).stop();
    if ((await withPartLock(folder, kind.find)) === undefined) stopped.push(name);
  }
  return stopped;
};

/** Ends the desk in the background and whatever a killed one left. */
export const stopBackground = async (
  home: string,
): Promise<{ stopped: boolean; run_id: string | null; parts: string[] }> => {
  const run = existsSync(home) ? readRunFile(home) : undefined;
  if (run !== undefined) {
    await stopProcess(run.supervisor.pid, [
      { signal: 'SIGTERM', wait_ms: 30_000 },
      { signal: 'SIGKILL', wait_ms: 5_000 }, // its services end with it
    ]);
    removeRunFile(home);
  }
  const parts = await stopUnusedParts(home);
  return { stopped: run !== undefined || parts.length > 0, run_id: run?.run_id ?? null, parts };
};
