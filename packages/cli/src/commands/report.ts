import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { dailyReport, type DailyReport, type Performance } from '@catalyst/contracts';
import { homeFolder, listRunFolders, readRunFile } from '@catalyst/platform';
import { describeReport, showUsd } from '../describe-report.ts';
import { runningDesk } from '../desk-connection.ts';
import { UnhealthyError } from '../exit-codes.ts';
import { addVerb, terminalOf } from '../program.ts';
import { saved_report } from './demo.ts';

type Options = { date?: string; period: 'daily' | 'weekly' | 'monthly'; json?: boolean };

/** What the latest demo left, of that date when one is asked for. */
const savedReport = (date: string | undefined): DailyReport | undefined => {
  for (const folder of listRunFolders(homeFolder()).reverse()) {
    const path = join(folder, saved_report);
    if (!existsSync(path)) continue;
    const report = dailyReport.parse(JSON.parse(readFileSync(path, 'utf8')));
    if (date === undefined || report.trade_date === date) return report;
  }
  return undefined;
};

const describePerformance = ({ period, from, to, trades, wins, losses, realized_pnl_usd }: Performance): string =>
  `${period}, ${from} to ${to}: realised ${showUsd(realized_pnl_usd)} in ${trades} trades, ${wins} won, ${losses} lost`;

/** `catalyst report`: the day's report, or the performance of a longer period. */
export const addReport = (program: Command): void => {
  addVerb(program, 'report', "show the day's report, or the performance of a week or month")
    .option('--date <YYYY-MM-DD>', 'the trading date; otherwise the latest')
    .addOption(new Option('--period <period>', 'how long').choices(['daily', 'weekly', 'monthly']).default('daily'))
    .action(async (options: Options) => {
      const terminal = terminalOf(options);
      const run = readRunFile(homeFolder());
      if (options.period !== 'daily') {
        const performance = await runningDesk().clients.reporting.showPerformance({ query: { period: options.period, ...(options.date === undefined ? {} : { trade_date: options.date }) } });
        terminal.result(performance, () => describePerformance(performance));
        return;
      }
      let report: DailyReport | undefined;
      if (run === undefined) report = savedReport(options.date);
      else {
        const { workflow, reporting } = runningDesk().clients;
        const trade_date = options.date ?? (await workflow.showCurrentCycle()).cycle.trade_date;
        report = await reporting.showDailyReport({ params: { trade_date } });
      }
      if (report === undefined) throw new UnhealthyError(`there is no report${options.date === undefined ? '' : ` of ${options.date}`} and no desk is running; run catalyst demo, or catalyst up --embedded`);
      terminal.result(report, () => `${describeReport(report, terminal)}\nreport   ${report.report_path}`);
    });
};
