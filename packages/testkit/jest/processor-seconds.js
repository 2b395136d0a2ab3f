import { existsSync, readFileSync } from 'node:fs';

const STAT = '/proc/self/stat';
const has_stat = existsSync(STAT);
const TICKS_A_SECOND = 100;

/**
 * What this process has had of the processors, and on Linux its children that have ended. A file's
 * share is the same on a busy machine, where its time is not.
 */
export const processorSeconds = () => {
  const { user, system } = process.cpuUsage();
  if (!has_stat) return (user + system) / 1e6;
  // behind the name of the program, which may hold blanks
  const fields = readFileSync(STAT, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const children = Number(fields[13]) + Number(fields[14]);
  return (user + system) / 1e6 + children / TICKS_A_SECOND;
};
