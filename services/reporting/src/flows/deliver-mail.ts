import { setTimeout as sleep } from 'node:timers/promises';
import type { DailyReport } from '@catalyst/contracts';
import type { Clock, Log } from '@catalyst/service-kit';
import type { Mailer } from '../adapters/smtp.ts';
import { renderHtml } from '../domain/report/render-html.ts';
import type { Store } from '../store/reports.ts';

interface Deps {
  store: Store;
  mailer: Mailer | null;
  clock: Clock;
  log: Log;
  /** Waits between the tries of one delivery, in milliseconds of the wall's time. */
  backoff_ms?: readonly number[];
}

const WAITING: readonly DailyReport['mail']['status'][] = ['pending', 'failed'];
/** A report older than this is history, not news. */
const DAYS_WORTH_MAILING = 7;
const DAY_MS = 86_400_000;

/**
 * Sends the mails whose rows wait, one at a time. A mail is marked as sent after the server took
 * it; a crash between the two sends it once more with the same Message-ID, by which readers
 * recognize the repeat.
 */
export const createDeliverMail = ({
  store,
  mailer,
  clock,
  log,
  backoff_ms = [250, 1000],
}: Deps) => {
  let queue: Promise<unknown> = Promise.resolve();
  let failing: string | null = null;

  const deliver = async (reportId: string, tries: number): Promise<void> => {
    const [mail, report] = await Promise.all([
      store.findMail(reportId),
      store.findReportById(reportId),
    ]);
    if (
      !mailer ||
      !mail ||
      !report ||
      !mail.recipient ||
      !mail.message_id ||
      !WAITING.includes(mail.status)
    )
      return;
    const { subject, created_at, trade_date } = report.content;
    for (let attempt = 0; attempt < tries; attempt += 1) {
      if (attempt > 0) await sleep(backoff_ms[attempt - 1]);
      const delivery = await mailer.send({
        message_id: mail.message_id,
        to: mail.recipient,
        subject,
        html: renderHtml(report.content, 'cid:equity'),
        plain_text: report.plain_text,
        equity_curve: report.equity_curve,
        date: created_at,
      });
      await store.markMail(
        reportId,
        mail.message_id,
        delivery.delivered ? 'sent' : 'failed',
        delivery.delivered ? null : delivery.error,
        clock.latest(),
      );
      if (delivery.delivered) {
        failing = null;
        log.info('report_mailed', { trade_date, message_id: mail.message_id });
        return;
      }
      // no word of the mail server: health is open to strangers
      failing = `the report of ${trade_date} could not be mailed`;
      log.warn('report_mail_failed', {
        trade_date,
        attempt,
        error: delivery.error,
        permanent: delivery.permanent,
      });
      if (delivery.permanent) return;
    }
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work).finally(clock.hold());
    queue = done.catch(() => undefined);
    return done;
  };

  return {
    /** Sends the mail of one report now: three tries. */
    deliverReport: (reportId: string): Promise<void> =>
      inTurn(() => deliver(reportId, backoff_ms.length + 1)),
    /** Tries each waiting mail of the last days once. */
    deliverWaiting: (maxAttempts: number): Promise<void> =>
      inTurn(async () => {
        const since = new Date(Date.parse(clock.latest()) - DAYS_WORTH_MAILING * DAY_MS)
          .toISOString()
          .slice(0, 10);
        for (const reportId of await store.waitingMails(since, maxAttempts))
          await deliver(reportId, 1);
      }),
    /** Why mail does not go out, or null. */
    trouble: () => failing,
    idle: () => queue,
  };
};
export type DeliverMail = ReturnType<typeof createDeliverMail>;
