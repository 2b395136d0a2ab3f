import { z } from 'zod';

const WORDS = 'w0,s0,f: milliseconds of the wall, simulated milliseconds, and a speed above 0';

/**
 * How simulated time follows the wall: it is `s0` when the wall is at `w0` (both in milliseconds
 * since 1970), and from there `f` simulated milliseconds pass in each of the wall's. Programs on
 * one machine that share a line share a time.
 */
export const line = z.strictObject({ w0: z.number(), s0: z.number(), f: z.number().positive() });
export type Line = z.infer<typeof line>;

/** The simulated instant, in milliseconds, at an instant of the wall. */
export const lineNow = ({ w0, s0, f }: Line, wall: number): number => s0 + (wall - w0) * f;

/** When a simulated instant comes, in milliseconds of the wall. */
export const wallOf = ({ w0, s0, f }: Line, instant: number): number => w0 + (instant - s0) / f;

/** Reads a line as options and environments carry it; a RangeError says what is expected. */
export const parseLine = (text: string): Line => {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [w0, s0, f] = numbers;
  const parsed = line.safeParse(numbers.length === 3 ? { w0, s0, f } : null);
  if (!parsed.success) throw new RangeError(`expected ${WORDS}, was ${text.slice(0, 80)}`);
  return parsed.data;
};

/** The text that `parseLine` reads. */
export const formatLine = ({ w0, s0, f }: Line): string => [w0, s0, f].join(',');
