import {
  dropUnsent,
  lockTelling,
  markOutgoing,
  writeOutgoing,
  writeTold,
  type Database,
  type Door,
  type OutgoingRow,
  type Transaction,
} from '@catalyst/service-kit';
import type { UntoldAlert } from '../domain/choose-alerts.ts';
import type { StoredContent } from './reports.ts';

/** How a report's mail went. */
export interface ReportMail {
  mail_id: string;
  recipient: string;
  message_id: string;
  status: 'pending' | 'sent' | 'failed';
  attempts: number;
  error: string | null;
}

const ROW =
  'mail_id, door, severity, message_id, recipient, subject, plain_text, body, report_id, written_at';

/** What leaves the machine: alerts and reports, by mail and webhook. */
export const createOutgoingStore = (database: Database) => ({
  transaction: database.transaction,
  lock: lockTelling,

  /** Alerts since then of which something is untold, oldest first. */
  untold: (tx: Transaction, since: string): Promise<UntoldAlert[]> =>
    tx.query<UntoldAlert>(
      `SELECT a.alert_id, a.source, a.key, a.code, a.severity, a.message, a.first_at, a.last_at,
         a.count, t.severity AS told_severity, t.told_at
       FROM v_alerts a LEFT JOIN LATERAL (
         SELECT severity, count, told_at FROM alert_mails WHERE alert_id = a.alert_id
         ORDER BY count DESC LIMIT 1
       ) t ON true
       WHERE NOT (a.code = 'WATCH_MET' AND a.severity = 'info') -- nobody asked for its mail
         AND a.acknowledged_at IS NULL AND a.last_at > $1 AND a.count > coalesce(t.count, 0)
       ORDER BY a.last_at, a.source, a.key, a.alert_id`,
      [since],
    ),
  /** When alerts were written to a door since then, oldest first. */
  writtenSince: async (tx: Transaction, door: Door, since: string): Promise<string[]> =>
    (
      await tx.query<{ written_at: string }>(
        `SELECT written_at FROM mail_outbox WHERE kind = 'alerts' AND door = $1 AND written_at > $2
         ORDER BY written_at`,
        [door, since],
      )
    ).map(({ written_at }) => written_at),

  writeAlerts: async (
    tx: Transaction,
    row: OutgoingRow,
    alerts: readonly UntoldAlert[],
  ): Promise<void> => {
    await writeOutgoing(tx, row);
    await writeTold(tx, row, alerts);
  },

  /**
   * Writes the mail of a stored report before anything is sent, in place of an earlier one that
   * waits: a corrected report is a new mail. What is written again with the same id is sent again.
   */
  writeReport: async (tx: Transaction, row: OutgoingRow & { report_id: string }): Promise<void> => {
    await writeOutgoing(tx, row);
    await tx.query('UPDATE reports SET mail_id = $2 WHERE report_id = $1', [
      row.report_id,
      row.mail_id,
    ]);
    await dropUnsent(tx, row.report_id, row.mail_id);
  },
  /** The mail of a report as it is now. */
  findReportMail: async (report_id: string): Promise<ReportMail | undefined> =>
    (
      await database.query<ReportMail>(
        `SELECT m.mail_id, m.recipient, m.message_id, m.status, m.attempts, m.error
         FROM reports r JOIN mail_outbox m USING (mail_id) WHERE r.report_id = $1`,
        [report_id],
      )
    )[0],
  findReport: async (
    report_id: string,
  ): Promise<{ content: StoredContent; equity_curve: Buffer } | undefined> =>
    (
      await database.query<{ content: StoredContent; equity_curve: Buffer }>(
        'SELECT report AS content, equity_curve FROM reports WHERE report_id = $1',
        [report_id],
      )
    )[0],

  /**
   * What waits since then, alerts and reports each by their own time, critical first; with those
   * that failed before, or without.
   */
  waiting: (
    { alerts_since, reports_since }: { alerts_since: string; reports_since: string },
    with_failed: boolean,
    max_attempts: number,
  ): Promise<OutgoingRow[]> =>
    database.query<OutgoingRow>(
      `SELECT ${ROW} FROM mail_outbox
       WHERE status <> 'sent' AND ($3 OR status = 'pending') AND attempts < $4
         AND written_at > CASE WHEN report_id IS NULL THEN $1::timestamptz ELSE $2 END
       ORDER BY severity <> 'critical', written_at, door, mail_id`,
      [alerts_since, reports_since, with_failed, max_attempts],
    ),
  /** One that has not gone out yet, unless it was tried since it had been tried so often. */
  unsent: async (mail_id: string, attempts: number): Promise<OutgoingRow | undefined> =>
    (
      await database.query<OutgoingRow>(
        `SELECT ${ROW} FROM mail_outbox
         WHERE mail_id = $1 AND status <> 'sent' AND attempts = $2`,
        [mail_id, attempts],
      )
    )[0],
  mark: (mail_id: string, error: string | null, at: string) =>
    markOutgoing(database, mail_id, error, at),
});
export type OutgoingStore = ReturnType<typeof createOutgoingStore>;
