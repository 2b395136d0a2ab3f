import type { Transaction } from '../storage/database.ts';
import type { Severity } from './word-alerts.ts';

/** An alert as it was raised. */
export interface RaisedAlert {
  alert_id: string;
  source: string;
  key: string;
  cycle_id: string | null;
  severity: Severity;
  code: string;
  message: string;
  details: Record<string, unknown>;
  at: string;
}

/**
 * The same source, key and cycle, not acknowledged yet, is counted on its row, which takes the
 * graver of the two severities. @returns the row's id, and how often it came
 */
export const upsertAlert = async (
  tx: Transaction,
  alert: RaisedAlert,
): Promise<{ alert_id: string; count: number }> => {
  const [row] = await tx.query<{ alert_id: string; count: number }>(
    `INSERT INTO alerts AS known (alert_id, source, key, cycle_id, severity, code, message,
       details, first_at, last_at, count) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 1)
     ON CONFLICT (source, key, cycle_id) WHERE acknowledged_at IS NULL DO UPDATE SET
       severity = CASE WHEN 'critical' IN (known.severity, excluded.severity) THEN 'critical'
         WHEN 'warning' IN (known.severity, excluded.severity) THEN 'warning' ELSE 'info' END,
       message = excluded.message, details = excluded.details,
       last_at = greatest(known.last_at, excluded.last_at), count = known.count + 1
     RETURNING alert_id, count`,
    [
      alert.alert_id,
      alert.source,
      alert.key,
      alert.cycle_id,
      alert.severity,
      alert.code,
      alert.message,
      JSON.stringify(alert.details),
      alert.at,
    ],
  );
  return row!;
};
