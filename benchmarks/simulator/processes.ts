import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SimulatorFacts } from '@catalyst/simulator';
import type { ClientTask } from './client/main.ts';

export const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
export const secondsSince = (startedAt: number): number => (performance.now() - startedAt) / 1000;
const median = (numbers: readonly number[]): number =>
  [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length / 2)]!;

/** Requests per second of the clock, and per second of the server's own processor time. */
export interface Rate {
  per_second: number;
  per_processor_second: number;
}

export const medianRate = (all: readonly Rate[]): Rate => ({
  per_second: median(all.map((one) => one.per_second)),
  per_processor_second: median(all.map((one) => one.per_processor_second)),
});

export interface Started<T> {
  /** What the program has printed. */
  facts: T;
  child: ChildProcess;
  stop(): Promise<void>;
}

/** Starts a program of Node's that prints one line of JSON once it is ready. */
export const start = async <T>(args: readonly string[]): Promise<Started<T>> => {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  const failed = ended.then(([code]) =>
    Promise.reject(new Error(`${args[0]} ended with ${String(code)}`)),
  );
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), failed])) as [
    string,
  ];
  failed.catch(() => undefined);
  return { facts: JSON.parse(line) as T, child, stop };
};

/** The simulator as a process of its own. */
export const startProgram = (folder: string): Promise<Started<SimulatorFacts>> =>
  start([
    fileOf('../../packages/simulator/src/main.ts'),
    '--json',
    '--day',
    folder,
    '--at',
    '09:30',
    '--cash',
    '100000000',
  ]);

export const headersOf = ({
  key_id: key,
  secret_key: secret,
}: SimulatorFacts['accounts'][number]) => ({
  'APCA-API-KEY-ID': key,
  'APCA-API-SECRET-KEY': secret,
  'content-type': 'application/json',
});

/** Requests per second of a client of its own process. */
export const perSecond = async (task: ClientTask): Promise<number> => {
  const { facts, stop } = await start<number>([fileOf('client/main.ts'), JSON.stringify(task)]);
  await stop();
  return facts;
};

/** Clock ticks of the kernel a second, as Linux tells processor time. */
const TICKS_PER_SECOND = 100;

/**
 * Seconds of processor time that a process has had, which other programs on the machine do not
 * change; Linux only, NaN elsewhere.
 */
export const processorSeconds = ({ pid }: ChildProcess): number => {
  if (process.platform !== 'linux') return Number.NaN;
  const fields = readFileSync(`/proc/${pid!}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
};
