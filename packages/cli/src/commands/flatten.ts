import type { Command } from 'commander';
import { addStop, terminalOf } from '../verb.ts';

/** `catalyst flatten`: a person closes everything. */
export const addFlatten = (program: Command): void => {
  addStop(program, 'flatten', 'close everything at market and enter nothing more')
    .option(
      '--direct',
      "talk to the broker alone, with the keys in the environment: for a desk that does not answer; closes every position of the account, the owner's too",
    )
    .action(
      async (options: { reason: string; yes?: boolean; direct?: boolean; json?: boolean }) => {
        const terminal = terminalOf(options);
        if (options.direct === true) {
          const { flattenDirectly } = await import('../flatten-directly.ts');
          return flattenDirectly(options, terminal);
        }
        const { stopDesk } = await import('../stop-desk.ts');
        return stopDesk('flatten', options, terminal);
      },
    );
};
