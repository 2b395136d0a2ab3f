import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { processCommand, processFolder, processStart } from '../processes/process-identity.ts';

/**
 * What PostgreSQL writes into `postmaster.pid` while it runs, and leaves there when it is killed.
 */
export type Postmaster = { pid: number; port: number | null; status: string };

/**
 * Reads `postmaster.pid`; undefined when there is none. Lines: pid, folder, start, port, socket,
 * address, memory key, status.
 */
export const readPostmaster = (cluster: string): Postmaster | undefined => {
  let text: string;
  try {
    text = readFileSync(join(cluster, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3]) || null, status: (lines[7] ?? '').trim() };
};

/**
 * Whether that process still is the server of this folder; ids are reused after a crash or a
 * reboot.
 */
export const isPostmasterOf = (pid: number, cluster: string): boolean => {
  if (processStart(pid) === null) return false;
  const folder = processFolder(pid);
  if (folder !== null) return folder === realpathSync(cluster);
  return processCommand(pid)?.includes(cluster) ?? false;
};
