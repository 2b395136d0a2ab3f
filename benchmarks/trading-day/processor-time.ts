import { readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second. */
const TICKS_A_SECOND = 100;

/** Processor seconds that the processes have taken so far; null where the system does not tell. */
export const processorSeconds = (pids: readonly number[]): number | null => {
  try {
    return pids.reduce((sum, pid) => {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // the fields after the command's name, which may hold blanks
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return sum + (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
    }, 0);
  } catch {
    return null;
  }
};
