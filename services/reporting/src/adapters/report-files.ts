import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ReportContent {
  html: string;
  plain_text: string;
  equity_curve: Buffer;
  json: string;
}

/** The reports on disk, under CATALYST_HOME/reports/<trade_date>/. */
export const createReportFiles = (home: string) => {
  const folderOf = (tradeDate: string) => join(home, 'reports', tradeDate);
  return {
    /** Where a day's page lies. */
    pathOf: (tradeDate: string): string => join(folderOf(tradeDate), 'report.html'),
    /** Writes a report's files, each in one step, so that a reader never sees half of one. */
    write: async (
      tradeDate: string,
      { html, plain_text, equity_curve, json }: ReportContent,
    ): Promise<void> => {
      const folder = folderOf(tradeDate);
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
    },
  };
};
export type ReportFiles = ReturnType<typeof createReportFiles>;
