import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { askOnce, NOTHING_DONE } from '../ask-once.ts';
import { UsageError } from '../exit-codes.ts';
import { readReason } from '../read-reason.ts';
import { typed } from '../typed.ts';
import { addVerb, terminalOf } from '../verb.ts';

/** `catalyst close SYMBOL`: a person closes one position at market. */
export const addClose = (program: Command): void => {
  addVerb(program, 'close', 'close one position at market')
    .argument('<symbol>', 'the stock that is held, such as GRTH')
    .option('--reason <text>', 'why, for the record', readReason, 'closed by the operator')
    .option('-y, --yes', 'do not ask')
    .action(async (given: string, options: { reason: string; yes?: boolean; json?: boolean }) => {
      const [{ operatorName, reachDesk }, { showGain }, { orSecondDoor }] = await Promise.all([
        import('../desk-connection.ts'),
        import('../wording.ts'),
        import('@catalyst/service-kit'),
      ]);
      const terminal = terminalOf(options);
      const { trading, workflow } = reachDesk().clients;
      const { positions } = await trading.listPositions({ query: { status: 'open' } });
      const held = positions.find(({ symbol }) => symbol === given.toUpperCase());
      if (held === undefined)
        throw new UsageError(
          `${given.toUpperCase()} is not held; ${positions.length === 0 ? 'nothing is' : `held: ${positions.map(({ symbol }) => symbol).join(', ')}`} (${typed('positions')})`,
        );
      const { position_id, symbol, qty, unrealized_pnl_usd } = held;
      terminal.note(`${symbol}: ${qty} shares at market, ${showGain(unrealized_pnl_usd)} open`);
      if (!(await askOnce('close it now?', options))) {
        terminal.result({ position_id, symbol, ...NOTHING_DONE }, () => 'nothing was done');
        return;
      }
      const body = { by: operatorName(), reason: options.reason, request_id: randomUUID() };
      const closed = await orSecondDoor(
        () => workflow.closePosition({ params: { position_id }, body }),
        () => trading.stop({ body: { act: 'close', symbol, ...body } }),
      );
      if ('first' in closed) terminal.result(closed.first, () => closed.first.message);
      else
        terminal.result(closed.second, () =>
          closed.second.left.length === 0
            ? `${symbol} is being closed at market by trading itself, since workflow did not answer`
            : `${symbol} is left: ${closed.second.left[0]!.why}`,
        );
    });
};
