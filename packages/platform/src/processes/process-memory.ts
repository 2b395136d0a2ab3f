import { readFileSync } from 'node:fs';

const field = (text: string, name: string): number | null => {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text);
  return match === null ? null : Number(match[1]) * 1024;
};

/**
 * Memory of a process in bytes, from Linux's /proc: resident now, the most it ever was, and its own
 * part (shared pages divided among their users). Null where the system does not tell.
 */
export const processMemory = (
  pid: number,
): { resident_bytes: number; peak_bytes: number; proportional_bytes: number | null } | null => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const resident_bytes = field(status, 'VmRSS');
    const peak_bytes = field(status, 'VmHWM');
    if (resident_bytes === null || peak_bytes === null) return null;
    return {
      resident_bytes,
      peak_bytes,
      proportional_bytes: field(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss'),
    };
  } catch {
    return null; // gone, or not Linux
  }
};
