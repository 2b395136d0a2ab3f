import type { Database, Transaction } from '@catalyst/service-kit';
import type { Severity, UntoldAlert } from '../domain/choose-alerts.ts';
import type { StoredContent } from './reports.ts';

export type Door = 'mail' | 'webhook';

/** A mail, or the webhook's call beside it, that is to leave the machine. */
export interface OutgoingRow {
  mail_id: string;
  door: Door;
  severity: Severity;
  /** Without brackets. */
  message_id: string;
  recipient: string | null;
  subject: string;
  plain_text: string;
  /** What the webhook gets. */
  body: object | null;
  /** The report that it brings; its page and picture are read from there. */
  report_id: string | null;
  written_at: string;
}
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
const INSERT = `INSERT INTO mail_outbox (mail_id, door, kind, severity, message_id, recipient,
   subject, plain_text, body, report_id, written_at, status)
 VALUES ($1, $2, CASE WHEN $9::uuid IS NULL THEN 'alerts' ELSE 'report' END, $3, $4, $5, $6, $7, $8,
   $9, $10, 'pending')`;
const valuesOf = (row: OutgoingRow): unknown[] => [
  row.mail_id,
  row.door,
  row.severity,
  row.message_id,
  row.recipient,
  row.subject,
  row.plain_text,
  row.body && JSON.stringify(row.body),
  row.report_id,
  row.written_at,
];

/** What leaves the machine: alerts and reports, by mail and webhook. */
export const createOutgoingStore = (database: Database) => ({
  transaction: database.transaction,

  /** Alerts since then of which something is untold, oldest first. */
  untold: (tx: Transaction, since: string): Promise<UntoldAlert[]> =>
    tx.query<UntoldAlert>(
      `SELECT a.alert_id, a.source, a.key, a.code, a.severity, a.message, a.first_at, a.last_at,
         a.count, t.severity AS told_severity, t.told_at
       FROM v_alerts a LEFT JOIN LATERAL (
         SELECT severity, count, told_at FROM alert_mails WHERE alert_id = a.alert_id
         ORDER BY count DESC LIMIT 1
       ) t ON true
       WHERE a.acknowledged_at IS NULL AND a.last_at > $1 AND a.count > coalesce(t.count, 0)
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
    await tx.query(INSERT, valuesOf(row));
    await tx.query(
      `INSERT INTO alert_mails (alert_id, mail_id, severity, count, told_at)
       SELECT alert_id, $1, severity, count, $2
       FROM unnest($3::uuid[], $4::text[], $5::integer[]) AS told (alert_id, severity, count)`,
      [
        row.mail_id,
        row.written_at,
        alerts.map(({ alert_id }) => alert_id),
        alerts.map(({ severity }) => severity),
        alerts.map(({ count }) => count),
      ],
    );
  },

  /**
   * Writes the mail of a stored report before anything is sent, in place of an earlier one that
   * waits: a corrected report is a new mail. What is written again with the same id is sent again.
   */
  writeReport: async (tx: Transaction, row: OutgoingRow): Promise<void> => {
    await tx.query(
      `${INSERT} ON CONFLICT (mail_id) DO UPDATE SET recipient = excluded.recipient,
         subject = excluded.subject, plain_text = excluded.plain_text,
         written_at = excluded.written_at, status = 'pending', attempts = 0, error = NULL,
         sent_at = NULL`,
      valuesOf(row),
    );
    await tx.query('UPDATE reports SET mail_id = $2 WHERE report_id = $1', [
      row.report_id,
      row.mail_id,
    ]);
    await tx.query(
      "DELETE FROM mail_outbox WHERE report_id = $1 AND mail_id <> $2 AND status <> 'sent'",
      [row.report_id, row.mail_id],
    );
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
  /** One that has not gone out yet. */
  unsent: async (mail_id: string): Promise<OutgoingRow | undefined> =>
    (
      await database.query<OutgoingRow>(
        `SELECT ${ROW} FROM mail_outbox WHERE mail_id = $1 AND status <> 'sent'`,
        [mail_id],
      )
    )[0],
  mark: (mail_id: string, error: string | null, at: string) =>
    database.query(
      `UPDATE mail_outbox SET status = CASE WHEN $2::text IS NULL THEN 'sent' ELSE 'failed' END,
         sent_at = CASE WHEN $2::text IS NULL THEN $3::timestamptz END,
         attempts = attempts + 1, error = $2
       WHERE mail_id = $1`,
      [mail_id, error, at],
    ),
});
export type OutgoingStore = ReturnType<typeof createOutgoingStore>;
