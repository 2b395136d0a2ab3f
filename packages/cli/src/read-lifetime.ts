import { InvalidArgumentError } from 'commander';

const HOURS = { h: 1, d: 24 } as const;
const LONGEST_HOURS = 10 * 366 * 24;

/** How long a key is to last, in hours (12h, 30d); null for "never", which has no end. */
export const readLifetime = (text: string): number | null => {
  if (text === 'never') return null;
  const [, number, unit] = /^([1-9]\d{0,4})([hd])$/.exec(text) ?? [];
  const hours = number ? Number(number) * HOURS[unit as 'h' | 'd'] : Infinity;
  if (hours > LONGEST_HOURS)
    throw new InvalidArgumentError('expected hours or days, such as 12h or 30d, or never');
  return hours;
};
