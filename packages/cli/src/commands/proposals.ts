import type { Command } from 'commander';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst proposals`: what waits for a person. */
export const addProposals = (program: Command): void => {
  addVerb(program, 'proposals', 'show the trades and looser limits that wait for your yes').action(
    async (options: { json?: boolean }) => {
      const [{ reachDesk }, { describeProposals }] = await Promise.all([
        import('../desk-connection.ts'),
        import('../describe-holdings.ts'),
      ]);
      const { workflow } = reachDesk().clients;
      const [{ proposals }, { limit_proposals }] = await Promise.all([
        workflow.listProposals({ query: {} }),
        workflow.listLimitProposals(),
      ]);
      terminalOf(options).result({ proposals, limit_proposals }, () =>
        describeProposals(proposals, limit_proposals),
      );
    },
  );
};
