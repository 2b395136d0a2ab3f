import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { compileCache } from './compile-cache.ts';

const preload = new URL('./exit-with-parent.ts', import.meta.url).href;
const rotate_at_bytes = 20 * 1024 * 1024;

/** Opens a log for appending; a big one becomes `….1` first. Without space for it nothing is kept. */
export const openLog = (path: string): number => {
  try {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > rotate_at_bytes)
      renameSync(path, `${path}.1`);
    return openSync(path, 'a', 0o600);
  } catch {
    return openSync(devNull, 'a'); // what runs is worth more than what it says
  }
};

export type ProgramOptions = {
  /** The TypeScript file to run. */
  entry: string;
  args?: string[];
  env: Record<string, string>;
  /** Where its standard error goes, and its standard output unless `pipe_stdout`. */
  log_path: string;
  node_flags?: string[];
  pipe_stdout?: boolean;
  cwd: string;
};

/** Starts one of the project's programs with this Node; it ends when we end. */
export const spawnProgram = ({
  entry,
  args = [],
  env,
  log_path,
  node_flags = [],
  pipe_stdout = false,
  cwd,
}: ProgramOptions): ChildProcess => {
  const log = openLog(log_path);
  try {
    return spawn(
      process.execPath,
      [...node_flags, '--disable-warning=ExperimentalWarning', '--import', preload, entry, ...args],
      {
        cwd,
        env: { ...compileCache(), ...env },
        detached: true, // Ctrl-C is for the command, which stops its programs in order
        stdio: ['ignore', pipe_stdout ? 'pipe' : log, log, 'ipc'],
      },
    );
  } finally {
    closeSync(log);
  }
};
