import type { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { readReason } from '../read-reason.ts';
import { addVerb, terminalOf } from '../verb.ts';

type Options = { flatten?: boolean; leaveOpen?: boolean; reason?: string; json?: boolean };

/** `catalyst down`: ends the desk in the background and what a killed one left. */
export const addDown = (program: Command): void => {
  addVerb(program, 'down', 'stop the desk that runs in the background')
    .option('--flatten', 'on paper or live: close what is held first')
    .option('--leave-open', 'on paper or live: although something is held; say why with --reason')
    .option('--reason <text>', 'why, for the record', readReason)
    .action(async (options: Options) => {
      if (options.leaveOpen === true && options.reason === undefined)
        throw new UsageError('--leave-open wants a --reason: nobody watches what is left open');
      const [{ homeFolder, stopBackground }, { leaveNothingOpen }] = await Promise.all([
        import('@catalyst/platform'),
        import('../leave-nothing-open.ts'),
      ]);
      const terminal = terminalOf(options);
      const left_open = await leaveNothingOpen(options, terminal);
      const outcome = await stopBackground(homeFolder());
      terminal.result({ ...outcome, left_open }, () =>
        outcome.run_id !== null
          ? `stopped the desk ${outcome.run_id}${left_open.length === 0 ? '' : `; nobody watches ${left_open.join(', ')} now`}`
          : outcome.stopped
            ? `stopped what an ended run left: ${outcome.parts.join(', ')}`
            : 'nothing is running',
      );
    });
};
