import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { askOnce, NOTHING_DONE } from '../ask-once.ts';
import { UsageError } from '../exit-codes.ts';
import type { ExitOptions } from '../own-exit.ts';
import { readReason } from '../read-reason.ts';
import { typed } from '../typed.ts';
import { addVerb, terminalOf } from '../verb.ts';

type Options = ExitOptions & { reason: string; yes?: boolean; json?: boolean };

/** `catalyst close SYMBOL`: a person closes one position at market, or says how it is to leave. */
export const addClose = (program: Command): void => {
  addVerb(
    program,
    'close',
    'close one position at market, or by an order of your own that waits at the broker',
  )
    .argument('<symbol>', 'the stock that is held, such as GRTH')
    .option(
      '--limit <price>',
      'leave at this price or better; the stop stays, or is that of --stop',
    )
    .option('--stop <price>', 'move the stop towards the price')
    .option('--stop-limit <price>', 'with --stop: sell for no worse than this once it is reached')
    .option('--trail <by>', 'a stop that follows the price, by percent (2%) or by dollars (1.50)')
    .option('--reason <text>', 'why, for the record', readReason, 'closed by the operator')
    .option('-y, --yes', 'do not ask')
    .action(async (given: string, options: Options) => {
      const [
        { operatorName, reachDesk },
        { showGain },
        { orSecondDoor },
        { readOwnExit },
        { describeOwnExit },
      ] = await Promise.all([
        import('../desk-connection.ts'),
        import('../show-gain.ts'),
        import('@catalyst/service-kit/calls'),
        import('../own-exit.ts'),
        import('@catalyst/domain'),
      ]);
      const terminal = terminalOf(options);
      const exit = readOwnExit(options);
      const { trading, workflow } = reachDesk().clients;
      const { positions } = await trading.listPositions({ query: { status: 'open' } });
      const held = positions.find(({ symbol }) => symbol === given.toUpperCase());
      if (held === undefined)
        throw new UsageError(
          `${given.toUpperCase()} is not held; ${positions.length === 0 ? 'nothing is' : `held: ${positions.map(({ symbol }) => symbol).join(', ')}`} (${typed('positions')})`,
        );
      const { position_id, symbol, qty, unrealized_pnl_usd } = held;
      terminal.note(
        `${symbol}: ${qty} shares${exit === null ? ' at market' : ''}, ${showGain(unrealized_pnl_usd)} open${exit === null ? '' : `: ${describeOwnExit(exit)}`}`,
      );
      if (!(await askOnce(exit === null ? 'close it now?' : 'do that?', options))) {
        terminal.result({ position_id, symbol, ...NOTHING_DONE }, () => 'nothing was done');
        return;
      }
      const body = { by: operatorName(), reason: options.reason, request_id: randomUUID() };
      const params = { position_id };
      if (exit !== null) {
        const done = await (exit.kind === 'stop'
          ? workflow.moveStop({ params, body: { ...body, stop_price: exit.stop_price } })
          : workflow.placeExit({ params, body: { ...body, exit } }));
        terminal.result(done, () => done.message);
        return;
      }
      const closed = await orSecondDoor(
        () => workflow.closePosition({ params, body }),
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
