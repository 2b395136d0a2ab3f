import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Open files that this user may let a process have. */
const mostOpenFiles = (): number => {
  const [, hard] =
    /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  return hard === undefined || hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard);
};

/** Beside the connections: Node's own files, Redis, logs. */
const BESIDE = 200;

/**
 * How many open files the server and the clients each need; raised for them where this user may.
 * @throws Error that says what to do where the limit is too low
 */
export const openFilesFor = (clients: number): number => {
  const needed = clients + BESIDE;
  const hard = mostOpenFiles();
  if (hard < needed)
    throw new Error(
      `${clients} clients need ${needed} open files in each of two processes, and this user may have ${hard}: as root run "ulimit -n ${needed}" first, or take fewer with --clients`,
    );
  return needed;
};

/** With the benchmark, however that ends. */
const ended = (child: ChildProcess): ChildProcess => {
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.removeListener('exit', kill));
  return child;
};

/** A program of Node's with as many open files as it needs, and a channel to it. */
export const startProgram = (
  program: string,
  files: number,
  {
    env,
    node_options = [],
    nice = 0,
  }: { env?: NodeJS.ProcessEnv; node_options?: string[]; nice?: number } = {},
): ChildProcess =>
  ended(
    spawn(
      'sh',
      [
        '-c',
        `ulimit -n ${files} && exec nice -n ${nice} "$0" "$@"`,
        process.execPath,
        ...node_options,
        program,
      ],
      { env: env ?? process.env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
    ),
  );

export const own = (name: string): string => join(import.meta.dirname, name);

export const next = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    const onExit = (code: number | null): void =>
      reject(new Error(`a process of the benchmark ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as T);
    });
  });

/** Processor seconds that a process has used. */
export const cpuOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
export const memoryOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));
