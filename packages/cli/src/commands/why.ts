import type { Command } from 'commander';
import { untilStopped } from '../stop-signals.ts';
import { addVerb, terminalOf } from '../verb.ts';
import { readDate } from './day-summary.ts';

/** `catalyst why SYMBOL`: one stock's day, from the headline to the result. */
export const addWhy = (program: Command): void => {
  addVerb(
    program,
    'why',
    'tell why a stock was traded or was not, from the headline to the result; of the running desk, or of the last replay',
  )
    .argument('<symbol>', 'the stock, such as GRTH')
    .option('--date <YYYY-MM-DD>', 'the trading date; otherwise the latest', readDate)
    .action((symbol: string, options: { date?: string; json?: boolean }) =>
      untilStopped(async (signal) => {
        const { tellStory } = await import('../tell-story.ts');
        await tellStory({ symbol, date: options.date }, terminalOf(options), signal);
      }),
    );
};
