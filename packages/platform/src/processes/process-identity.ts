import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * A process id alone is reused by the system; together with its start it names one process for
 * good.
 */
export type ProcessIdentity = { pid: number; started: string };

const has_proc = existsSync('/proc/self/stat');

const ps = (field: string, pid: number): string | null => {
  try {
    return (
      execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim() || null
    );
  } catch {
    return null; // ps ends with 1 when there is no such process
  }
};

/**
 * When a process began, as text to compare, or null when it is gone. A zombie is gone: it only
 * waits for its parent.
 */
export const processStart = (pid: number): string | null => {
  if (!has_proc) return (ps('stat', pid) ?? 'Z').startsWith('Z') ? null : ps('lstart', pid);
  try {
    // The command's name is in parentheses and may hold spaces and parentheses itself.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
};

/** Names a process so that it can be recognised later; null when it is gone. */
export const identifyProcess = (pid: number): ProcessIdentity | null => {
  const started = processStart(pid);
  return started === null ? null : { pid, started };
};

export const isSameProcess = ({ pid, started }: ProcessIdentity): boolean =>
  processStart(pid) === started;

/** The command line of a process, or null when it is gone or may not be read. */
export const processCommand = (pid: number): string | null => {
  if (!has_proc) return ps('command', pid);
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return null;
  }
};

/** The folder a process works in (Linux), or null where the system does not tell. */
export const processFolder = (pid: number): string | null => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
};
