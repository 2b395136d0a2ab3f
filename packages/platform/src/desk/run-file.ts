import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { serviceNames } from '@catalyst/contracts';
import { isSameProcess } from '../processes/process-identity.ts';

const runFile = z.object({
  state: z.enum(['starting', 'ready']),
  run_id: z.string(),
  mode: z.enum(['replay', 'paper', 'live']),
  started_at: z.string(),
  supervisor: z.object({ pid: z.int(), started: z.string() }),
  /** CATALYST_HOME of the services. */
  home: z.string(),
  logs_dir: z.string(),
  urls: z.record(z.enum(serviceNames), z.string()).nullable(),
  /** Key of the operator's command. */
  cli_key: z.string().nullable(),
  database_url: z.string().nullable(),
  redis_url: z.string().nullable(),
  trade_date: z.string().nullable(),
  day_dir: z.string().nullable(),
});
/** What `up` leaves behind for the other verbs: where the fleet answers, and the key to ask it. Mode 0600. */
export type RunFile = z.infer<typeof runFile>;

const pathIn = (home: string): string => join(home, 'run.json');

export const writeRunFile = (home: string, run: RunFile): void => {
  mkdirSync(home, { recursive: true });
  writeFileSync(`${pathIn(home)}.next`, JSON.stringify(run, null, 2), { mode: 0o600 });
  renameSync(`${pathIn(home)}.next`, pathIn(home));
};

/** The run whose supervisor lives; what a killed one left is removed. */
export const readRunFile = (home: string): RunFile | undefined => {
  let text: string;
  try {
    text = readFileSync(pathIn(home), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const run = runFile.parse(JSON.parse(text));
  if (isSameProcess(run.supervisor)) return run;
  rmSync(pathIn(home), { force: true });
  return undefined;
};

export const removeRunFile = (home: string): void => rmSync(pathIn(home), { force: true });
