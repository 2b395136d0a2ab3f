import type { Command } from 'commander';
import type { StopOptions } from '../stop-desk.ts';
import { addStop, terminalOf } from '../verb.ts';

/** `catalyst halt`: a person's stop. */
export const addHalt = (program: Command): void => {
  addStop(
    program,
    'halt',
    'stop trading now: enter nothing, cancel waiting entries; works with everything else dead',
  ).action(async (options: StopOptions & { json?: boolean }) => {
    const { stopDesk } = await import('../stop-desk.ts');
    await stopDesk('halt', options, terminalOf(options));
  });
};
