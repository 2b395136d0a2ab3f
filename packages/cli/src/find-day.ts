import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkoutFolder } from '@catalyst/platform';
import { listDays, readDayJson, type DaySummary } from '@catalyst/simulator';
import { UsageError } from './exit-codes.ts';
import { typed } from './typed.ts';

/** Where the days that ship with the project lie. */
export const daysFolder = join(checkoutFolder, 'packages', 'simulator', 'days');

export const bundledDays = async (): Promise<DaySummary[]> =>
  existsSync(daysFolder) ? listDays(daysFolder) : [];

/**
 * The folder of a day: a path, or the name of a bundled one; without either the bundled generated
 * day.
 */
export const findDay = async (
  wanted: string | undefined,
): Promise<{ name: string; dir: string; trade_date: string }> => {
  if (wanted !== undefined && existsSync(join(resolve(wanted), 'day.json'))) {
    const dir = resolve(wanted);
    const file = join(dir, 'day.json');
    const { trade_date } = readDayJson(readFileSync(file, 'utf8'), file);
    return { name: dir.split('/').at(-1)!, dir, trade_date };
  }
  const days = await bundledDays();
  const found =
    wanted === undefined
      ? (days.find(({ kind }) => kind === 'generated') ?? days[0])
      : days.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const names = days.map(({ name }) => name).join(', ') || 'none';
  throw new UsageError(
    wanted === undefined
      ? `no day ships in ${daysFolder}; make one with: ${typed('day generate')}`
      : `there is no day "${wanted}": expected a day folder (with day.json) or one of: ${names}`,
  );
};
