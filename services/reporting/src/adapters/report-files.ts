import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ReportFiles {
  html: string;
  plain_text: string;
  equity_curve: Buffer;
  json: string;
}

/** Where the reports of a day lie: CATALYST_HOME/reports/<trade_date>/. */
export const reportFolder = (home: string, tradeDate: string): string => join(home, 'reports', tradeDate);

/** Writes a report's files, each in one step, so that a reader never sees half of one. */
export const writeReportFiles = async (folder: string, { html, plain_text, equity_curve, json }: ReportFiles): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const write = async (name: string, content: string | Buffer) => {
    const draft = join(folder, `.${name}.${process.pid}`);
    await writeFile(draft, content);
    await rename(draft, join(folder, name));
  };
  await write('equity.png', equity_curve);
  await write('report.txt', plain_text);
  await write('report.json', json);
  await write('report.html', html);
};
