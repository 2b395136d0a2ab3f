import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { addVerb, terminalOf } from '../verb.ts';
import { addDayCheck } from './day-check.ts';
import { explainFaults } from './explain-faults.ts';
import { addDayList } from './day-list.ts';
import { addDayRecord } from './day-record.ts';
import { describeDay, readDate, readSymbols, refuseFull, summarise } from './day-summary.ts';
import { typed } from '../typed.ts';

const seed = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 0');
  return Number(text);
};
const symbolCount = (text: string): number => {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
};

const STORY = `
A real day, with the keys of your Alpaca account (a free paper account will do):
  export ALPACA_API_KEY=… ALPACA_SECRET_KEY=…
  ${typed('day record 2026-03-10 --symbols AAPL,MSFT')}
                             into the folder 2026-03-10
  ${typed('day check 2026-03-10')}
                             what is in it, what to know
  ${typed('demo --day 2026-03-10')}
                             replay it through the desk
  node packages/simulator/src/main.ts --day 2026-03-10 --port 8080
                             or the simulator alone, for a bot of your own
Without keys: "day generate" invents one, "day import" takes LEAN's files,
and packages/simulator/docs/day-format.md tells how to write one by hand.`;

/** `catalyst day generate|import|record|check|list`: recorded days to replay. */
export const addDay = (program: Command): void => {
  const day = program
    .command('day')
    .summary('make, check and list recorded trading days')
    .description('Recorded trading days: folders that the simulator replays.')
    .addHelpText('after', STORY);

  addDayRecord(day);

  addVerb(
    day,
    'import',
    "turn real bars in LEAN's format into a day (no news: nothing trades on it by itself)",
  )
    .requiredOption(
      '--bars <folder>',
      "LEAN's data folder (the one with equity/usa/minute) or its equity/usa",
    )
    .requiredOption('--date <YYYY-MM-DD>', 'the trading date', readDate)
    .requiredOption(
      '--symbols <list>',
      'which stocks, as they were called on the date, separated by commas',
      readSymbols,
    )
    .option('--out <folder>', 'where it is written; otherwise ./<date>')
    .action(
      async (options: {
        bars: string;
        date: string;
        symbols: string[];
        out?: string;
        json?: boolean;
      }) => {
        const bars_dir = resolve(options.bars);
        if (!existsSync(bars_dir)) throw new UsageError(`there is no folder ${bars_dir}`);
        const out_dir = resolve(options.out ?? options.date);
        refuseFull(out_dir);
        const { importDay } = await import('@catalyst/simulator');
        const summary = summarise(
          await explainFaults(() =>
            importDay({ bars_dir, trade_date: options.date, symbols: options.symbols, out_dir }),
          ),
          out_dir,
        );
        terminalOf(options).result(summary, () => describeDay(summary));
      },
    );

  addVerb(day, 'generate', 'make a day of invented companies; the same seed makes the same day')
    .requiredOption('--date <YYYY-MM-DD>', 'a trading day of the exchange', readDate)
    .option('--seed <number>', 'what the invention starts from', seed, 1)
    .option('--symbols <count>', 'how many stocks (20 to 500)', symbolCount, 120)
    .option('--out <folder>', 'where it is written; otherwise ./<date>')
    .action(
      async (options: {
        date: string;
        seed: number;
        symbols: number;
        out?: string;
        json?: boolean;
      }) => {
        const dir = resolve(options.out ?? options.date);
        refuseFull(dir);
        const { generateDay, writeNewDay } = await import('@catalyst/simulator');
        const summary = await explainFaults(async () => {
          const generated = generateDay({
            trade_date: options.date,
            seed: options.seed,
            symbols: options.symbols,
          });
          return summarise(await writeNewDay(generated, dir), dir);
        });
        terminalOf(options).result(summary, () => describeDay(summary));
      },
    );

  addDayCheck(day);
  addDayList(day);
};
