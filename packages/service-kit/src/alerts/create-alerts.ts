import { randomUUID } from 'node:crypto';
import type { EventBus } from '../bus/event-bus.ts';
import type { Clock } from '../clock.ts';
import { redact, type Log } from '../log.ts';
import type { Database, Queryable, Transaction } from '../storage/database.ts';

export interface AlertDraft {
  severity: 'info' | 'warning' | 'critical';
  code: string;
  message: string;
  /** What it is about, such as a symbol or a job: alerts of one code and subject are one. */
  subject?: string;
  cycle_id?: string | null;
  /** How much of a limit is used, where it is about one. */
  used_ratio?: number | null;
  details?: Record<string, unknown>;
}

export interface Alerts {
  /**
   * Writes the alert in the transaction of what it tells of, and announces it after the commit. The
   * row is the truth: who misses the event finds it there.
   */
  stage(tx: Transaction, draft: AlertDraft): void;
  /** The same, in a transaction of its own. */
  raise(draft: AlertDraft): Promise<void>;
}

interface Deps {
  service: string;
  database: Database;
  clock: Clock;
  bus: EventBus;
  log: Log;
}

const LONGEST_MESSAGE = 2000;

/** As a column takes it and a terminal may show it: no secrets, no control characters. */
const clean = (text: string): string =>
  String(redact(text))
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, LONGEST_MESSAGE);

/**
 * Alerts of one service. The same code and subject, not acknowledged yet, is counted on its row,
 * which takes the graver of the two severities.
 */
export const createAlerts = ({ service, database, clock, bus, log }: Deps): Alerts => {
  const stage: Alerts['stage'] = (
    tx,
    { severity, code, message, subject, cycle_id = null, used_ratio = null, details = {} },
  ) => {
    const at = clock.now();
    const text = clean(message);
    const key = subject === undefined ? code : clean(`${code}:${subject}`);
    tx.beforeCommit(async () => {
      await tx.query(
        `INSERT INTO alerts AS known (alert_id, source, key, cycle_id, severity, code, message,
           details, first_at, last_at, count) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 1)
         ON CONFLICT (source, key, cycle_id) WHERE acknowledged_at IS NULL DO UPDATE SET
           severity = CASE WHEN 'critical' IN (known.severity, excluded.severity) THEN 'critical'
             WHEN 'warning' IN (known.severity, excluded.severity) THEN 'warning' ELSE 'info' END,
           message = excluded.message, details = excluded.details,
           last_at = greatest(known.last_at, excluded.last_at), count = known.count + 1`,
        [randomUUID(), service, key, cycle_id, severity, code, text, JSON.stringify(details), at],
      );
    });
    bus.stage(tx, 'catalyst:risk_alert', { cycle_id, severity, code, message: text, used_ratio });
    tx.afterCommit(() => {
      const tell =
        severity === 'critical' ? log.error : severity === 'warning' ? log.warn : log.info;
      tell('alert_raised', { code, subject, message: text });
    });
  };
  return {
    stage,
    raise: (draft) => database.transaction(async (tx) => stage(tx, draft)),
  };
};

/** Marks alerts as seen by a person; what was acknowledged before stays as it was. */
export const acknowledgeAlerts = (
  db: Queryable,
  alert_ids: readonly string[],
  by: string,
  at: string,
): Promise<{ alert_id: string }[]> =>
  db.query(
    `UPDATE alerts SET acknowledged_at = $3, acknowledged_by = $2
     WHERE alert_id = ANY ($1) AND acknowledged_at IS NULL RETURNING alert_id`,
    [alert_ids, by, at],
  );
