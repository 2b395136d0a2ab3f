import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { addVerb, terminalOf } from '../verb.ts';
import { describeDay, summarise } from './day-summary.ts';

/** A folder as given, or the name of a day that ships with the project. */
const findFolder = async (wanted: string): Promise<string> => {
  const dir = resolve(wanted);
  if (existsSync(join(dir, 'day.json'))) return dir;
  const { bundledDays } = await import('../find-day.ts');
  const days = await bundledDays();
  const found = days.find(({ name }) => name === wanted);
  if (found) return found.dir;
  if (!existsSync(dir))
    throw new UsageError(
      `there is no folder ${dir}, and no day of this name ships with the project (${days.map(({ name }) => name).join(', ')})`,
    );
  if (!statSync(dir).isDirectory())
    throw new UsageError(`${dir} is a file; expected the folder of a day`);
  throw new UsageError(`${dir} is not the folder of a day: it has no day.json`);
};

/** `catalyst day check`: whether a day can be replayed, and what is in it. */
export const addDayCheck = (day: Command): void => {
  addVerb(
    day,
    'check',
    'read a day in full: what is in it and what to know, or the first fault with its file, line and reason',
  )
    .argument('<folder>', 'the folder of a day, or the name of one that ships with the project')
    .action(async (wanted: string, options: { json?: boolean }) => {
      const dir = await findFolder(wanted);
      const [{ PlatformError }, { DayError, loadDay }] = await Promise.all([
        import('@catalyst/platform'),
        import('@catalyst/simulator'),
      ]);
      const summary = await loadDay(dir).then(
        (loaded) => summarise(loaded, dir),
        (error: unknown) => {
          if (!(error instanceof DayError)) throw error;
          throw new PlatformError(`${dir} cannot be replayed\n  ${error.message}`, {
            exit_code: 1,
            cause: error,
          });
        },
      );
      terminalOf(options).result(summary, () => describeDay(summary));
    });
};
