import { Option, type Command } from 'commander';
import type { Performance } from '@catalyst/contracts';
import { addVerb, terminalOf } from '../verb.ts';
import { readDate } from './day-summary.ts';

type Options = { date?: string; period: Performance['period']; json?: boolean };

/** `catalyst report`: the day's report, or the performance of a longer period. */
export const addReport = (program: Command): void => {
  addVerb(program, 'report', "show the day's report, or the performance of a week or month")
    .option('--date <YYYY-MM-DD>', 'the trading date; otherwise the latest', readDate)
    .addOption(
      new Option('--period <period>', 'how long')
        .choices(['daily', 'weekly', 'monthly'])
        .default('daily'),
    )
    .action(async (options: Options) => {
      const { showReport } = await import('../show-report.ts');
      await showReport({
        date: options.date,
        period: options.period,
        terminal: terminalOf(options),
      });
    });
};
