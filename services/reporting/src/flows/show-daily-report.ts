import type { DailyReport } from '@catalyst/contracts';
import { AppError } from '@catalyst/service-kit';
import type { OutgoingStore } from '../store/outgoing.ts';
import type { Store } from '../store/reports.ts';

/** The stored report of a day, with how its mail went. */
export const createShowDailyReport =
  ({ store, outgoing }: { store: Store; outgoing: Pick<OutgoingStore, 'findReportMail'> }) =>
  async (tradeDate: string): Promise<DailyReport> => {
    const report = await store.findReport(tradeDate);
    if (!report)
      throw new AppError('NOT_FOUND', `there is no report of ${tradeDate}`, {
        trade_date: tradeDate,
      });
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
export type ShowDailyReport = ReturnType<typeof createShowDailyReport>;
