import type { Command } from 'commander';
import { askOnce, NOTHING_DONE } from '../ask-once.ts';
import { RefusedError } from '../exit-codes.ts';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst approve ID`: a person's yes to a proposal; it is executed once. */
export const addApprove = (program: Command): void => {
  addVerb(program, 'approve', 'say yes to a proposal: it is executed, once')
    .argument('<proposal>', 'its id, or the beginning of it')
    .option('-y, --yes', 'do not ask')
    .action(async (given: string, options: { yes?: boolean; json?: boolean }) => {
      const [{ operatorName, reachDesk }, { findProposal }] = await Promise.all([
        import('../desk-connection.ts'),
        import('../find-proposal.ts'),
      ]);
      const terminal = terminalOf(options);
      const { workflow } = reachDesk().clients;
      const { proposal_id, symbol, summary } = await findProposal(workflow, given);
      terminal.note(`${symbol}: ${summary}`);
      if (!(await askOnce('execute it now?', options))) {
        terminal.result({ proposal_id, ...NOTHING_DONE }, () => 'nothing was done');
        return;
      }
      const proposal = await workflow.executeProposal({
        params: { proposal_id },
        body: { by: operatorName() },
      });
      const said = `${symbol}: ${proposal.state}${proposal.outcome === null ? '' : `, ${proposal.outcome}`}`;
      terminal.result(proposal, () => said);
      if (proposal.state !== 'executed') throw new RefusedError(said);
    });
};
