import type { Command } from 'commander';
import { UnhealthyError } from '../exit-codes.ts';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst audit verify`: whether the audit of Claude's calls and of all acts is what was written. */
export const addAudit = (program: Command): void => {
  const audit = program
    .command('audit')
    .summary("check the record of Claude's calls and of what was done")
    .description(
      "Each call of Claude's, and each act of a service for whoever asked, is a row that is chained to the one before it by a hash: who, what, with which scope, what came of it.",
    );
  addVerb(audit, 'verify', 'compute the chains of hashes anew, and say where one breaks').action(
    async (options: { json?: boolean }) => {
      const [{ reachDesk }, { describeAudit }] = await Promise.all([
        import('../desk-connection.ts'),
        import('../describe-audit.ts'),
      ]);
      const { workflow } = reachDesk().clients;
      const [calls, { chains }] = await Promise.all([
        workflow.verifyToolCalls(),
        workflow.verifyActs(),
      ]);
      terminalOf(options).result({ ...calls, acts: chains }, () => describeAudit(calls, chains));
      const act = chains.find(({ broken_seq }) => broken_seq !== null);
      if (act)
        throw new UnhealthyError(
          `the record of what ${act.service} did is not what was written: row ${act.broken_seq} is missing or was changed; a backup from before has it as it was`,
        );
      if (calls.broken)
        throw new UnhealthyError(
          `the record of calls is not what was written: ${calls.broken.why}; a backup from before has the row as it was`,
        );
    },
  );
};
