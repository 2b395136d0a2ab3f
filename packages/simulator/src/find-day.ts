import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DayError } from './day/day-error.ts';
import { listDays } from './day/list-days.ts';

const BUNDLED = fileURLToPath(new URL('../days', import.meta.url));
/** The bundled day that is replayed where none is named. */
export const DEFAULT_DAY = '2026-03-24';

/**
 * The folder of a day: a folder as given, or a bundled day's name; a name that is neither is a
 * DayError that lists the bundled ones.
 */
export const findDay = async (day: string): Promise<string> => {
  const folder = resolve(day);
  if (day.includes('/') || existsSync(folder)) return folder;
  const found = (await listDays(BUNDLED)).map(({ name, dir }) => ({ name, dir }));
  const named = found.find(({ name }) => name === day);
  if (named) return named.dir;
  throw new DayError({
    file: '--day',
    line: null,
    column: null,
    was: day,
    expected: `a folder or a bundled day (${found.map(({ name }) => name).join(', ')})`,
  });
};
