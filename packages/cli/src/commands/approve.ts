import type { Command } from 'commander';
import { askOnce, NOTHING_DONE } from '../ask-once.ts';
import { RefusedError } from '../exit-codes.ts';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst approve ID`: a person's yes to a proposal; it is executed once. */
export const addApprove = (program: Command): void => {
  addVerb(
    program,
    'approve',
    'say yes to a proposal: a trade is executed, once; a looser limit is in force',
  )
    .argument('<proposal>', 'its id, or the beginning of it')
    .option('-y, --yes', 'do not ask')
    .action(async (given: string, options: { yes?: boolean; json?: boolean }) => {
      const [{ operatorName, reachDesk }, { findProposal }, { describeLimitProposal }] =
        await Promise.all([
          import('../desk-connection.ts'),
          import('../find-proposal.ts'),
          import('../describe-holdings.ts'),
        ]);
      const terminal = terminalOf(options);
      const { workflow } = reachDesk().clients;
      const found = await findProposal(workflow, given);
      const { proposal_id } = found;
      terminal.note(
        found.kind === 'trade' ? `${found.symbol}: ${found.summary}` : describeLimitProposal(found),
      );
      if (!(await askOnce('approve it now?', options))) {
        terminal.result({ proposal_id, ...NOTHING_DONE }, () => 'nothing was done');
        return;
      }
      if (found.kind === 'loosen') {
        const changed = await workflow.confirmLimit({
          params: { proposal_id },
          body: { by: operatorName() },
        });
        const { name, old_value, new_value, version } = changed;
        terminal.result(
          changed,
          () => `${name} was ${old_value} and is ${new_value} now (version ${version})`,
        );
        return;
      }
      const { symbol } = found;
      const proposal = await workflow.executeProposal({
        params: { proposal_id },
        body: { by: operatorName() },
      });
      const said = `${symbol}: ${proposal.state}${proposal.outcome === null ? '' : `, ${proposal.outcome}`}`;
      terminal.result(proposal, () => said);
      if (proposal.state !== 'executed') throw new RefusedError(said);
    });
};
