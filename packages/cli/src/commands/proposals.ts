import type { Command } from 'commander';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst proposals`: what waits for a person. */
export const addProposals = (program: Command): void => {
  addVerb(program, 'proposals', 'show the trades that wait for your yes').action(
    async (options: { json?: boolean }) => {
      const [{ reachDesk }, { describeProposals }] = await Promise.all([
        import('../desk-connection.ts'),
        import('../describe-holdings.ts'),
      ]);
      const terminal = terminalOf(options);
      const { workflow } = reachDesk().clients;
      const answer = await workflow.listProposals({ query: {} });
      terminal.result(answer, () => describeProposals(answer.proposals));
    },
  );
};
