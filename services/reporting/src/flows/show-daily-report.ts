import type { DailyReport } from '@catalyst/contracts';
import { AppError } from '@catalyst/service-kit';
import type { OutgoingStore } from '../store/outgoing.ts';
import type { Store } from '../store/reports.ts';

/** The stored report of a day, with how its mail went; null where there is none. */
export const createFindDailyReport =
  ({ store, outgoing }: { store: Store; outgoing: Pick<OutgoingStore, 'findReportMail'> }) =>
  async (tradeDate: string): Promise<DailyReport | null> => {
    const report = await store.findReport(tradeDate);
    if (!report) return null;
    const mail = await outgoing.findReportMail(report.content.report_id);
    return {
      ...report.content,
      mail: mail
        ? {
            status: mail.status,
            to: mail.recipient,
            attempts: mail.attempts,
            message_id: `<${mail.message_id}>`,
            error: mail.error,
          }
        : { status: 'not_configured', to: null, attempts: 0, message_id: null, error: null },
    };
  };
export type FindDailyReport = ReturnType<typeof createFindDailyReport>;

/** The same for who takes it that there is one. @throws AppError NOT_FOUND */
export const createShowDailyReport =
  (findDailyReport: FindDailyReport) =>
  async (tradeDate: string): Promise<DailyReport> => {
    const report = await findDailyReport(tradeDate);
    if (report) return report;
    throw new AppError('NOT_FOUND', `there is no report of ${tradeDate}`, {
      trade_date: tradeDate,
    });
  };
export type ShowDailyReport = ReturnType<typeof createShowDailyReport>;
