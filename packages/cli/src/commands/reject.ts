import type { Command } from 'commander';
import { readReason } from '../read-reason.ts';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst reject ID`: a person's no to a proposal. */
export const addReject = (program: Command): void => {
  addVerb(program, 'reject', 'say no to a proposal')
    .argument('<proposal>', 'its id, or the beginning of it')
    .option('--reason <text>', 'why, for the record', readReason, 'turned down by the operator')
    .action(async (given: string, options: { reason: string; json?: boolean }) => {
      const [{ operatorName, reachDesk }, { findProposal }] = await Promise.all([
        import('../desk-connection.ts'),
        import('../find-proposal.ts'),
      ]);
      const { workflow } = reachDesk().clients;
      const { kind, proposal_id } = await findProposal(workflow, given);
      const input = {
        params: { proposal_id },
        body: { by: operatorName(), reason: options.reason },
      };
      if (kind === 'loosen') {
        const proposal = await workflow.rejectLimit(input);
        terminalOf(options).result(proposal, () => `${proposal.name}: ${proposal.state}`);
        return;
      }
      const proposal = await workflow.rejectProposal(input);
      terminalOf(options).result(proposal, () => `${proposal.symbol}: ${proposal.state}`);
    });
};
