import type { Command } from 'commander';
import { UnhealthyError } from '../exit-codes.ts';
import { addVerb, terminalOf } from '../verb.ts';
import { count } from '../wording.ts';

/** `catalyst audit verify`: whether the audit of Claude's calls is what was written. */
export const addAudit = (program: Command): void => {
  const audit = program
    .command('audit')
    .summary("check the record of Claude's calls")
    .description(
      "Each call of Claude's is a row that is chained to the one before it by a hash: who, what, with which scope, what came of it.",
    );
  addVerb(audit, 'verify', 'compute the chain of hashes anew, and say where it breaks').action(
    async (options: { json?: boolean }) => {
      const { reachDesk } = await import('../desk-connection.ts');
      const chain = await reachDesk().clients.workflow.verifyToolCalls();
      const { rows, head_sha256, broken } = chain;
      terminalOf(options).result(chain, () =>
        head_sha256 === null
          ? 'no call was recorded yet'
          : `${count(rows, 'row')}, whole up to ${head_sha256}\nnote that hash elsewhere: it shows later that nothing before it was changed`,
      );
      if (broken)
        throw new UnhealthyError(
          `the record of calls is not what was written: ${broken.why}; a backup from before has the row as it was`,
        );
    },
  );
};
