import type { RebuildResult } from '@catalyst/contracts';
import type { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { addVerb, terminalOf } from '../verb.ts';
import { oneLine } from '../wording.ts';

export const describeRebuild = (result: RebuildResult): string => {
  const { orders, positions, events, fills, left_out, differences } = result;
  return [
    `${orders} orders and ${positions} positions made again from ${events} events and ${fills} executions: ${differences.length === 0 ? 'all are as the book has them' : `${differences.length} differences`}`,
    ...differences.map(({ of, id, symbol, field, row, rebuilt }) =>
      oneLine(
        `${of} ${id}${symbol === null ? '' : ` (${symbol})`}: ${field} is ${row}; its history comes to: ${rebuilt}`,
      ),
    ),
    ...(left_out.length === 0
      ? []
      : [`left out, since their history begins before it was kept whole: ${left_out.join(', ')}`]),
  ].join('\n');
};

/** `catalyst rebuild --check`: whether orders and positions are what happened to them. */
export const addRebuild = (program: Command): void => {
  addVerb(
    program,
    'rebuild',
    'make orders and positions again from their history, in memory, and tell where the book differs (exit code 1); of the running desk, else of the last replay, else of the desk that is stopped',
  )
    .option('--check', 'compare; nothing is ever written')
    .action(async (options: { check?: boolean; json?: boolean }) => {
      if (options.check !== true)
        throw new UsageError('say --check: the book is compared with its history, never rewritten');
      const { rebuildBook } = await import('../rebuild-book.ts');
      const terminal = terminalOf(options);
      const result = await rebuildBook(terminal);
      terminal.result(result, () => describeRebuild(result));
      if (result.differences.length > 0) process.exitCode = 1;
    });
};
