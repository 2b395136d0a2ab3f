import type { Command } from 'commander';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst down`: ends the desk in the background and what a killed one left. */
export const addDown = (program: Command): void => {
  addVerb(program, 'down', 'stop the desk that runs in the background').action(
    async (options: { json?: boolean }) => {
      const { homeFolder, stopBackground } = await import('@catalyst/platform');
      const outcome = await stopBackground(homeFolder());
      terminalOf(options).result(outcome, () =>
        outcome.run_id !== null
          ? `stopped the desk ${outcome.run_id}`
          : outcome.stopped
            ? `stopped what an ended run left: ${outcome.parts.join(', ')}`
            : 'nothing is running',
      );
    },
  );
};
