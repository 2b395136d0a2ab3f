import type { Outgoing } from '../doors/open-doors.ts';
import type { Queryable, Transaction } from '../storage/database.ts';
import type { Severity, ToldAlert } from './word-alerts.ts';

export interface OutgoingRow extends Outgoing {
  severity: Severity;
  /** The report that it brings; its page and picture are read from there. */
  report_id: string | null;
}

/** Whoever chooses alerts to tell waits for who is choosing: none is told by two at once. */
export const lockTelling = async (tx: Transaction): Promise<void> => {
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('catalyst_alerts_told'))");
};

/** Writes what is to leave, before it is sent. What is written again with the same id is sent again. */
export const writeOutgoing = async (tx: Transaction, row: OutgoingRow): Promise<void> => {
  await tx.query(
    `INSERT INTO mail_outbox (mail_id, door, kind, severity, message_id, recipient, subject,
       plain_text, body, report_id, written_at, status)
     VALUES ($1, $2, CASE WHEN $9::uuid IS NULL THEN 'alerts' ELSE 'report' END, $3, $4, $5, $6, $7,
       $8, $9, $10, 'pending')
     ON CONFLICT (mail_id) DO UPDATE SET recipient = excluded.recipient, subject = excluded.subject,
       plain_text = excluded.plain_text, written_at = excluded.written_at, status = 'pending',
       attempts = 0, error = NULL, sent_at = NULL`,
    [
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
    ],
  );
};

/** Takes back what a corrected report's mail replaces, as long as it has not left. */
export const dropUnsent = async (
  tx: Transaction,
  report_id: string,
  but: string,
): Promise<void> => {
  await tx.query(
    "DELETE FROM mail_outbox WHERE report_id = $1 AND mail_id <> $2 AND status <> 'sent'",
    [report_id, but],
  );
};

/** Writes which alerts a mail tells, and how often each had come by then. */
export const writeTold = async (
  tx: Transaction,
  { mail_id, written_at }: Pick<OutgoingRow, 'mail_id' | 'written_at'>,
  alerts: readonly Pick<ToldAlert, 'alert_id' | 'severity' | 'count'>[],
): Promise<void> => {
  await tx.query(
    `INSERT INTO alert_mails (alert_id, mail_id, severity, count, told_at)
     SELECT alert_id, $1, severity, count, $2
     FROM unnest($3::uuid[], $4::text[], $5::integer[]) AS told (alert_id, severity, count)
     ON CONFLICT DO NOTHING`,
    [
      mail_id,
      written_at,
      alerts.map(({ alert_id }) => alert_id),
      alerts.map(({ severity }) => severity),
      alerts.map(({ count }) => count),
    ],
  );
};

/** Notes one try: how it failed, or that the other side took it. */
export const markOutgoing = async (
  db: Queryable,
  mail_id: string,
  error: string | null,
  at: string,
): Promise<void> => {
  await db.query(
    `UPDATE mail_outbox SET status = CASE WHEN $2::text IS NULL THEN 'sent' ELSE 'failed' END,
       sent_at = CASE WHEN $2::text IS NULL THEN $3::timestamptz END,
       attempts = attempts + 1, error = $2
     WHERE mail_id = $1 AND status <> 'sent'`,
    [mail_id, error, at],
  );
};
