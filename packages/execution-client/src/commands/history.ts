import { InvalidArgumentError, type Command } from 'commander';
import { openLocalDatabase } from '../store/local-database.ts';
import { readHistory } from '../store/history.ts';
import { describeSkips } from '../view/describe-status.ts';
import { cells, clockOf } from '../view/wording.ts';
import type { Context } from './context.ts';

const readLimit = (text: string): number => {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number above 0, such as 50');
};

export const addHistory = (program: Command, context: () => Context): void => {
  program
    .command('history')
    .description('every signal with what was decided, why, and what came of it')
    .option('--limit <n>', 'the newest so many', readLimit, 50)
    .option('--codes', 'what each reason not to enter means')
    .action(({ limit, codes = false }: { limit: number; codes?: boolean }) => {
      const { home, terminal } = context();
      if (codes) return terminal.result(null, describeSkips);
      home.profile();
      const database = openLocalDatabase(home.database_path);
      try {
        const rows = readHistory(database, limit);
        terminal.result(rows, () =>
          rows.length === 0
            ? 'no signals yet'
            : rows
                .map(
                  ({ decided_at, seq, symbol, decision, code, reason, result_usd, r_multiple }) =>
                    cells(
                      [decided_at.slice(0, 10), 10],
                      [clockOf(decided_at), 8],
                      [String(seq), -5],
                      [symbol, 6],
                      [code ?? decision, 18],
                      [
                        result_usd === null
                          ? reason
                          : `${reason}; result ${result_usd}${r_multiple === null ? '' : ` (${r_multiple} R)`}`,
                        0,
                      ],
                    ),
                )
                .join('\n'),
        );
      } finally {
        database.close();
      }
    });
};
