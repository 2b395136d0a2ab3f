import type { Command } from 'commander';
import type { StopOptions } from '../stop-desk.ts';
import { addStop, terminalOf } from '../verb.ts';

/** `catalyst pause`: a person's stop. */
export const addPause = (program: Command): void => {
  addStop(
    program,
    'pause',
    'enter nothing new; what is held keeps its stops and the day goes on',
  ).action(async (options: StopOptions & { json?: boolean }) => {
    const { stopDesk } = await import('../stop-desk.ts');
    await stopDesk('pause', options, terminalOf(options));
  });
};
