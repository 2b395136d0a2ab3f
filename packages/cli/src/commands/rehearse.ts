import type { Command } from 'commander';
import { untilStopped } from '../stop-signals.ts';
import { addVerb, terminalOf } from '../verb.ts';

type Options = {
  day?: string;
  from: string;
  to: string;
  jump: boolean;
  faults?: string;
  json?: boolean;
};

/** `catalyst rehearse`: a day of the paper desk itself, at the simulated exchange. */
export const addRehearse = (program: Command): void => {
  addVerb(
    program,
    'rehearse',
    'let the paper desk trade a recorded day at the simulated exchange, by its own schedule; idle time is jumped over, so that a day takes two to three minutes',
  )
    .option(
      '--day <name or folder>',
      'the recorded day; otherwise the one that ships with the project',
    )
    .option('--from <hh:mm>', 'New York time at which the desk starts', '04:00')
    .option('--to <hh:mm>', 'New York time at which the rehearsal ends', '16:10')
    .option(
      '--no-jump',
      'let time pass as the wall does: the plain live desk on a simulated market',
    )
    .option('--faults <file>', 'faults of the exchange and its streams, YAML or JSON')
    .action((options: Options) =>
      untilStopped(async (signal) => {
        const { runRehearsal } = await import('../rehearsal/run-rehearsal.ts');
        await runRehearsal({
          day: options.day,
          from: options.from,
          to: options.to,
          jumps: options.jump,
          faults: options.faults,
          terminal: terminalOf(options),
          signal,
        });
      }),
    );
};
