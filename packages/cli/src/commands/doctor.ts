import type { Command } from 'commander';
import { UnhealthyError } from '../exit-codes.ts';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst doctor`: each thing the desk depends on: ok, or why not and what mends it. */
export const addDoctor = (program: Command): void => {
  addVerb(
    program,
    'doctor',
    'check everything the desk depends on, and say what mends what is wrong',
  )
    .option('--mail', 'also send a test mail and call the webhook, as the environment says')
    .action(async (options: { json?: boolean; mail?: boolean }) => {
      const terminal = terminalOf(options);
      const { runChecks } = await import('../doctor-checks.ts');
      const findings = await runChecks(process.env, options.mail === true);
      const faults = findings.filter(({ status }) => status === 'failed');
      terminal.result({ healthy: faults.length === 0, checks: findings }, () => {
        const { green, yellow, red } = terminal.colors;
        const paint = { ok: green('ok'), missing: yellow('not there'), failed: red('FAILED') };
        return terminal.table(
          ['check', 'state', 'detail', 'mend with'],
          findings.map(({ name, status, detail, mend }) => [
            name,
            paint[status],
            detail,
            mend ?? '',
          ]),
        );
      });
      if (faults.length > 0)
        throw new UnhealthyError(`not well: ${faults.map(({ name }) => name).join(', ')}`);
    });
};
