import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dailyReport, type DailyReport, type Performance } from '@catalyst/contracts';
import { homeFolder, listRunFolders, readRunFile } from '@catalyst/platform';
import { AppError } from '@catalyst/service-kit/calls';
import { saved_report } from './demo/run-demo.ts';
import { describeFees, describeReport } from './describe-report.ts';
import { currentCycle, reachDesk } from './desk-connection.ts';
import { UnhealthyError } from './exit-codes.ts';
import { namedServer } from './server-connection.ts';
import type { Terminal } from './terminal.ts';
import { showGain } from './show-gain.ts';
import { count } from './wording.ts';
import { typed } from './typed.ts';

export type ReportOptions = {
  date: string | undefined;
  period: Performance['period'];
  terminal: Terminal;
};

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

const describePerformance = ({
  period,
  from,
  to,
  trades,
  wins,
  losses,
  realized_pnl_usd,
  fees,
}: Performance): string =>
  `${period}, ${from} to ${to}: realised ${showGain(realized_pnl_usd)} in ${count(trades, 'trade')}, ${wins} won, ${losses} lost${fees === null ? '' : `; ${describeFees(fees)}`}`;

/** Prints the report of the running desk, or what the latest demo left. */
export const showReport = async ({ date, period, terminal }: ReportOptions): Promise<void> => {
  if (period !== 'daily') {
    const performance = await reachDesk().clients.reporting.showPerformance({
      query: { period, ...(date === undefined ? {} : { trade_date: date }) },
    });
    terminal.result(performance, () => describePerformance(performance));
    return;
  }
  let report: DailyReport | undefined;
  if (namedServer() === undefined && readRunFile(homeFolder()) === undefined)
    report = savedReport(date);
  else {
    const { clients } = reachDesk();
    const trade_date = date ?? (await currentCycle(clients)).cycle.trade_date;
    report = await clients.reporting
      .showDailyReport({ params: { trade_date } })
      .catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'NOT_FOUND')
          throw new AppError(
            'NOT_FOUND',
            `there is no report of ${trade_date}; a day is reported once it is closed (${typed('cycle status')} says where it stands)`,
            {},
            error,
          );
        throw error;
      });
  }
  if (report === undefined)
    throw new UnhealthyError(
      `there is no report${date === undefined ? '' : ` of ${date}`} and no desk is running; run ${typed('demo')}, or ${typed('up --embedded')}`,
    );
  const found = report;
  terminal.result(found, () => `${describeReport(found, terminal)}\nreport   ${found.report_path}`);
};
