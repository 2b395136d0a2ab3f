import type { Command } from 'commander';
import type { StopOptions } from '../stop-desk.ts';
import { typed } from '../typed.ts';
import { addStop, terminalOf } from '../verb.ts';

/** `catalyst cancel`: a person's stop. */
export const addCancel = (program: Command): void => {
  addStop(program, 'cancel', 'cancel the entries that wait at the broker, and nothing else')
    .option('--order <id>', `only this entry, by its id (${typed('orders')} shows it)`)
    .action(async (options: StopOptions & { json?: boolean }) => {
      const { stopDesk } = await import('../stop-desk.ts');
      await stopDesk('cancel', options, terminalOf(options));
    });
};
