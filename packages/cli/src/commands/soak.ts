import type { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { untilStopped } from '../stop-signals.ts';
import { addVerb, terminalOf } from '../verb.ts';

type Options = { days: string; minutes: string; seed: string; json?: boolean };

const wholeNumber = (name: string, text: string, most: number): number => {
  if (!/^\d{1,9}$/.test(text) || Number(text) > most)
    throw new UsageError(`expected --${name} as a whole number up to ${most}, was ${text}`);
  return Number(text);
};

/** `catalyst soak`: half hours of a desk to which things happen at random. */
export const addSoak = (program: Command): void => {
  addVerb(
    program,
    'soak',
    'let things happen to a desk of its own at random (trades, kills, faults of the broker, halts), half an hour of market after the other, and judge the money of each',
  )
    .option('--days <number>', 'how many windows, each on a day of its own', '3')
    .option('--minutes <number>', 'minutes of market in a window', '30')
    .option('--seed <number>', 'what happens first; the next window has the next seed', '1')
    .action((options: Options) =>
      untilStopped(async (signal) => {
        const { soak } = await import('../drill/soak.ts');
        await soak({
          windows: wholeNumber('days', options.days, 1000),
          minutes: wholeNumber('minutes', options.minutes, 300),
          seed: wholeNumber('seed', options.seed, 999_999_999),
          terminal: terminalOf(options),
          signal,
        });
      }),
    );
};
