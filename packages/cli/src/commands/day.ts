import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { addVerb, terminalOf } from '../program.ts';
import { addDayRecord } from './day-record.ts';
import { asUsage, describeDay, readDate, readSymbols, refuseFull, summarise } from './day-summary.ts';

const seed = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 0');
  return Number(text);
};
const symbolCount = (text: string): number => {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
};

/** `catalyst day generate|import|record|check|list`: recorded days to replay. */
export const addDay = (program: Command): void => {
  const day = program.command('day').summary('make, check and list recorded trading days').description('Recorded trading days: folders that the simulator replays.');

  addVerb(day, 'generate', 'make a day of invented companies; the same seed makes the same day')
    .requiredOption('--date <YYYY-MM-DD>', 'a trading day of the exchange', readDate)
    .option('--seed <number>', 'what the invention starts from', seed, 1)
    .option('--symbols <count>', 'how many stocks (20 to 500)', symbolCount, 120)
    .option('--out <folder>', 'where it is written; otherwise ./<date>')
    .action(async (options: { date: string; seed: number; symbols: number; out?: string; json?: boolean }) => {
      const dir = resolve(options.out ?? options.date);
      refuseFull(dir);
      const { generateDay, writeDay } = await import('@catalyst/simulator');
      const generated = await asUsage(() => generateDay({ trade_date: options.date, seed: options.seed, symbols: options.symbols }));
      await writeDay(generated, dir);
      const summary = summarise(generated, dir);
      terminalOf(options).result(summary, () => describeDay(summary));
    });

  addVerb(day, 'import', 'turn real bars (LEAN format: minute/, daily/, corporate-actions/) into a day')
    .requiredOption('--bars <folder>', 'the folder of the bars')
    .requiredOption('--date <YYYY-MM-DD>', 'the trading date', readDate)
    .requiredOption('--symbols <list>', 'which stocks, separated by commas', readSymbols)
    .option('--out <folder>', 'where it is written; otherwise ./<date>')
    .action(async (options: { bars: string; date: string; symbols: string[]; out?: string; json?: boolean }) => {
      const bars_dir = resolve(options.bars);
      const out_dir = resolve(options.out ?? options.date);
      refuseFull(out_dir);
      const { importDay } = await import('@catalyst/simulator');
      const summary = summarise(await asUsage(() => importDay({ bars_dir, trade_date: options.date, symbols: options.symbols, out_dir })), out_dir);
      terminalOf(options).result(summary, () => describeDay(summary));
    });

  addDayRecord(day);

  addVerb(day, 'check', 'read a day in full; a fault is told with its file, line and reason')
    .argument('<folder>', 'the folder of the day')
    .action(async (folder: string, options: { json?: boolean }) => {
      const dir = resolve(folder);
      if (!existsSync(dir)) throw new UsageError(`there is no folder ${dir}`);
      const { loadDay } = await import('@catalyst/simulator');
      const summary = summarise(await loadDay(dir), dir);
      terminalOf(options).result(summary, () => describeDay(summary));
    });

  addVerb(day, 'list', 'list the days that ship with the project').action(async (options: { json?: boolean }) => {
    const terminal = terminalOf(options);
    const { bundledDays, daysFolder } = await import('../find-day.ts');
    const days = await bundledDays();
    terminal.result({ folder: daysFolder, days }, () =>
      days.length === 0 ? `no days in ${daysFolder}` : terminal.table(['day', 'date', 'kind', 'what'], days.map(({ name, trade_date, kind, description }) => [name, trade_date, kind, description])),
    );
  });
};
