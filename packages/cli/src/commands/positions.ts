import type { Command } from 'commander';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst positions`: what is held. */
export const addPositions = (program: Command): void => {
  addVerb(program, 'positions', 'show what is held, with its stops and its result').action(
    async (options: { json?: boolean }) => {
      const [{ reachDesk }, { describePositions }] = await Promise.all([
        import('../desk-connection.ts'),
        import('../describe-holdings.ts'),
      ]);
      const terminal = terminalOf(options);
      const { trading } = reachDesk().clients;
      const answer = await trading.listPositions({ query: { status: 'open' } });
      terminal.result(answer, () => describePositions(answer.positions, terminal));
    },
  );
};
