import type { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { untilStopped } from '../stop-signals.ts';
import { addVerb, terminalOf } from '../verb.ts';

type Options = { seed: string; case?: string; quick?: boolean; json?: boolean };

/** `catalyst drill`: breaks a desk in the middle of its orders and counts the money. */
export const addDrill = (program: Command): void => {
  addVerb(
    program,
    'drill',
    'break a desk of its own in the middle of its orders (processes killed, networks cut, a broker in trouble) and judge the money after each case',
  )
    .option(
      '--seed <number>',
      'order of the cases and the day; the same seed repeats a failure',
      '1',
    )
    .option('--case <name>', 'only cases whose name holds this, such as kill_trading or exit_sent')
    .option('--quick', 'each moment of a trade once, and the gravest faults of the broker')
    .action((options: Options) =>
      untilStopped(async (signal) => {
        const seed = Number(options.seed);
        if (!/^\d{1,9}$/.test(options.seed))
          throw new UsageError(`expected --seed as a whole number from 0, was ${options.seed}`);
        const { drill } = await import('../drill/drill.ts');
        await drill({
          seed,
          is_quick: options.quick === true,
          only: options.case,
          terminal: terminalOf(options),
          signal,
        });
      }),
    );
};
