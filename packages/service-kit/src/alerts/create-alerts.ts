import { randomUUID } from 'node:crypto';
import type { AlertCode } from '@catalyst/contracts';
import type { EventBus } from '../bus/event-bus.ts';
import { type Clock, type Log, redact } from '@catalyst/runtime';
import { isOutage, type Database, type Queryable, type Transaction } from '../storage/database.ts';
import { upsertAlert, type RaisedAlert } from './alert-rows.ts';
import type { TellDirectly } from './tell-directly.ts';
import type { Severity } from './word-alerts.ts';

export interface AlertDraft {
  severity: Severity;
  code: AlertCode;
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
   * row is the truth: who misses the event finds it there. A critical one of a transaction that an
   * outage ended is told all the same.
   */
  stage(tx: Transaction, draft: AlertDraft): void;
  /**
   * The same, in a transaction of its own, with what else is to be written in it. Where the database
   * is away a critical one is told directly, and its row follows.
   */
  raise(draft: AlertDraft, also?: (tx: Transaction) => void): Promise<void>;
}

interface Deps {
  service: string;
  database: Database;
  clock: Clock;
  bus: EventBus;
  log: Log;
  /** For critical alerts that cannot leave the usual way. */
  directly?: Pick<TellDirectly, 'away' | 'watch'> | null;
}

const LONGEST_MESSAGE = 2000;

/** As a column takes it and a terminal may show it: no secrets, no control characters. */
const clean = (text: string): string =>
  String(redact(text))
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, LONGEST_MESSAGE);

/** Alerts of one service. */
export const createAlerts = ({
  service,
  database,
  clock,
  bus,
  log,
  directly = null,
}: Deps): Alerts => {
  const toRaised = ({
    severity,
    code,
    message,
    subject,
    cycle_id = null,
    details = {},
  }: AlertDraft): RaisedAlert => ({
    alert_id: randomUUID(),
    source: service,
    key: subject === undefined ? code : clean(`${code}:${subject}`),
    cycle_id,
    severity,
    code,
    message: clean(message),
    details,
    at: clock.now(),
  });

  const stageRaised = (
    tx: Transaction,
    alert: RaisedAlert,
    { subject, used_ratio }: AlertDraft,
  ) => {
    const { severity, code, message, cycle_id } = alert;
    tx.beforeCommit(async () => void (await upsertAlert(tx, alert)));
    bus.stage(tx, 'catalyst:risk_alert', {
      cycle_id,
      severity,
      code,
      message,
      used_ratio: used_ratio ?? null,
    });
    tx.afterCommit(() => {
      const tell =
        severity === 'critical' ? log.error : severity === 'warning' ? log.warn : log.info;
      tell('alert_raised', { code, subject, message });
      if (severity === 'critical') directly?.watch(alert);
    });
  };
  return {
    stage: (tx, draft) => {
      const alert = toRaised(draft);
      stageRaised(tx, alert, draft);
      if (alert.severity === 'critical')
        tx.afterFailure((error) => {
          if (isOutage(error)) directly?.away(alert);
        });
    },
    raise: async (draft, also) => {
      const alert = toRaised(draft);
      try {
        await database.transaction(async (tx) => {
          stageRaised(tx, alert, draft);
          also?.(tx);
        });
      } catch (error) {
        if (!directly || alert.severity !== 'critical' || !isOutage(error)) throw error;
        directly.away(alert);
      }
    },
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
