import type { Command } from 'commander';
import { askOnce, NOTHING_DONE } from '../ask-once.ts';
import { RefusedError } from '../exit-codes.ts';
import { readReason } from '../read-reason.ts';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst resume`: the one act that lifts a pause, a halt or a flatten. */
export const addResume = (program: Command): void => {
  addVerb(program, 'resume', 'let the desk trade again after a pause, a halt or a flatten')
    .requiredOption('--reason <text>', 'why it may, for the record', readReason)
    .option('-y, --yes', 'do not ask')
    .action(async (options: { reason: string; yes?: boolean; json?: boolean }) => {
      const { operatorName, reachDesk } = await import('../desk-connection.ts');
      const terminal = terminalOf(options);
      const { risk, workflow } = reachDesk({ timeout_ms: 10_000 }).clients;
      const { trading_state, reason } = await risk.showStatus();
      terminal.note(`trading is ${trading_state}: ${reason}`);
      if (!(await askOnce('resume now?', options))) {
        terminal.result({ act: 'resume', ...NOTHING_DONE }, () => 'nothing was done');
        return;
      }
      const changed = await workflow.changeTradingState({
        body: { act: 'resume', by: operatorName(), reason: options.reason },
      });
      const { lifted } = changed;
      terminal.result({ act: 'resume', done: true, ...changed }, () =>
        [
          `trading is ${changed.trading_state}: ${changed.reason}`,
          ...(lifted === null
            ? ['nothing had to be lifted']
            : [
                `lifted: ${lifted.trading_state}, set by ${lifted.set_by}${lifted.set_at === null ? '' : ` at ${lifted.set_at}`}: ${lifted.reason}`,
                ...(lifted.removed_halt_file ? ['the halt file was removed'] : []),
              ]),
        ].join('\n'),
      );
      if (changed.trading_state !== 'active')
        throw new RefusedError(`the desk does not trade yet: ${changed.reason}`);
    });
};
