import type { Command } from 'commander';
import { RefusedError } from '../exit-codes.ts';
import { readReason } from '../read-reason.ts';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst arm`: a person lets the desk trade. */
export const addArm = (program: Command): void => {
  addVerb(
    program,
    'arm',
    'let the desk trade (as installed it is halted until a person arms it once)',
  )
    .option('--reason <text>', 'why, for the record', readReason, 'armed by the operator')
    .action(async (options: { reason: string; json?: boolean }) => {
      const { operatorName, reachDesk } = await import('../desk-connection.ts');
      const terminal = terminalOf(options);
      const status = await reachDesk().clients.risk.arm({
        body: { by: operatorName(), reason: options.reason },
      });
      terminal.result(status, () => `trading is ${status.trading_state}: ${status.reason}`);
      if (status.trading_state !== 'active')
        throw new RefusedError(`risk did not arm the desk: ${status.reason}`);
    });
};
