import { InvalidArgumentError, type Command } from 'commander';
import { untilStopped } from '../stop-signals.ts';
import { addVerb, terminalOf } from '../verb.ts';
import { readDate } from './day-summary.ts';

const readClock = (text: string): string => {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(text))
    throw new InvalidArgumentError('expected a time such as 10:30, 00:00 to 23:59');
  return text;
};

/** `catalyst why SYMBOL`: one stock's day, from the headline to the result. */
export const addWhy = (program: Command): void => {
  addVerb(
    program,
    'why',
    'tell why a stock was traded or was not, from the headline to the result; of the running desk, or of the last replay',
  )
    .argument('<symbol>', 'the stock, such as GRTH')
    .option('--date <YYYY-MM-DD>', 'the trading date; otherwise the latest', readDate)
    .option(
      '--at <hh:mm>',
      'what was known by then, New York time; otherwise all of the day',
      readClock,
    )
    .action((symbol: string, options: { date?: string; at?: string; json?: boolean }) =>
      untilStopped(async (signal) => {
        const { tellStory } = await import('../tell-story.ts');
        await tellStory(
          { symbol, date: options.date, at: options.at },
          terminalOf(options),
          signal,
        );
      }),
    );
};
