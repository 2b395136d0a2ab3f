import type { Database, Transaction } from '@catalyst/service-kit';
import type { Severity, UntoldAlert } from '../domain/choose-alerts.ts';

export type Door = 'mail' | 'webhook';

/** A mail about alerts, or the webhook's call, that waits to leave. */
export interface OutgoingRow {
  mail_id: string;
  door: Door;
  severity: Severity;
  message_id: string;
  recipient: string | null;
  subject: string;
  plain_text: string;
  body: object;
  written_at: string;
}

/** What is to be told of alerts, and the mails and calls that tell it. */
export const createAlertStore = (database: Database) => ({
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

  write: async (
    tx: Transaction,
    row: OutgoingRow,
    alerts: readonly UntoldAlert[],
  ): Promise<void> => {
    await tx.query(
      `INSERT INTO mail_outbox (mail_id, door, kind, severity, message_id, recipient, subject,
         plain_text, body, written_at, status)
       VALUES ($1, $2, 'alerts', $3, $4, $5, $6, $7, $8, $9, 'pending')`,
      [
        row.mail_id,
        row.door,
        row.severity,
        row.message_id,
        row.recipient,
        row.subject,
        row.plain_text,
        JSON.stringify(row.body),
        row.written_at,
      ],
    );
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

  /** What waits since then, critical first; with those that failed before, or without. */
  waiting: (since: string, with_failed: boolean, max_attempts: number): Promise<OutgoingRow[]> =>
    database.query<OutgoingRow>(
      `SELECT mail_id, door, severity, message_id, recipient, subject, plain_text, body, written_at
       FROM mail_outbox WHERE status <> 'sent' AND ($2 OR status = 'pending') AND written_at > $1
         AND attempts < $3
       ORDER BY severity <> 'critical', written_at, door, mail_id`,
      [since, with_failed, max_attempts],
    ),
  mark: (mail_id: string, error: string | null, at: string) =>
    database.query(
      `UPDATE mail_outbox SET status = CASE WHEN $2::text IS NULL THEN 'sent' ELSE 'failed' END,
         sent_at = CASE WHEN $2::text IS NULL THEN $3::timestamptz END,
         attempts = attempts + 1, error = $2
       WHERE mail_id = $1`,
      [mail_id, error, at],
    ),
});
export type AlertStore = ReturnType<typeof createAlertStore>;
