import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { serviceNames } from '@catalyst/contracts';
import { makeFolder, unwritable } from '../free-space.ts';
import { PlatformError } from '../platform-error.ts';
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
  /** Key of Claude at orchestration's /mcp. */
  mcp_key: z.string().nullable(),
  database_url: z.string().nullable(),
  redis_url: z.string().nullable(),
  trade_date: z.string().nullable(),
  day_dir: z.string().nullable(),
});
/**
 * What `up` leaves behind for the other verbs: where the fleet answers, and the key to ask it. Mode
 * 0600.
 */
export type RunFile = z.infer<typeof runFile>;

const pathIn = (home: string): string => join(home, 'run.json');

export const writeRunFile = (home: string, run: RunFile): void => {
  makeFolder(home);
  try {
    writeFileSync(`${pathIn(home)}.next`, JSON.stringify(run, null, 2), { mode: 0o600 });
    renameSync(`${pathIn(home)}.next`, pathIn(home));
  } catch (error) {
    throw unwritable(home, error);
  }
};

/** A file that was cut off tells nothing, and no supervisor leaves one. */
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/**
 * The run whose supervisor lives; what a killed one left is removed. PlatformError where the desk
 * of another version runs.
 */
export const readRunFile = (home: string): RunFile | undefined => {
  let text: string;
  try {
    text = readFileSync(pathIn(home), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const found = parse(text);
  const owner = runFile.pick({ supervisor: true }).safeParse(found);
  if (!owner.success || !isSameProcess(owner.data.supervisor)) {
    rmSync(pathIn(home), { force: true });
    return undefined;
  }
  const run = runFile.safeParse(found);
  if (run.success) return run.data;
  throw new PlatformError(
    `another version of catalyst runs a desk in ${home} (process ${owner.data.supervisor.pid}); end it with "down" of the checkout that started it, or with: kill ${owner.data.supervisor.pid}`,
  );
};

export const removeRunFile = (home: string): void => rmSync(pathIn(home), { force: true });
