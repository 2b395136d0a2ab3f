import type { Alert } from '@catalyst/contracts';
import type { Queryable } from '@catalyst/service-kit';

/** Those that nobody has acknowledged first, then newest first. */
export const listAlertPage = (
  db: Queryable,
  { state, limit, after }: { state: 'unacknowledged' | 'all'; limit: number; after: string | null },
): Promise<Alert[]> =>
  db.query<Alert>(
    `SELECT alert_id, last_at AS at, severity, code, message, source, first_at, count,
       acknowledged_at, acknowledged_by, sent_at FROM v_alerts
     WHERE ($1 = 'all' OR acknowledged_at IS NULL) AND ($3::uuid IS NULL OR
       (acknowledged_at IS NOT NULL, -extract(epoch FROM last_at), alert_id) > (
         SELECT p.acknowledged_at IS NOT NULL, -extract(epoch FROM p.last_at), p.alert_id
         FROM v_alerts p WHERE p.alert_id = $3))
     ORDER BY acknowledged_at IS NOT NULL, last_at DESC, alert_id LIMIT $2`,
    [state, limit, after],
  );
