import { later } from '@catalyst/domain';
import { type Clock, type Log, outsideContext } from '@catalyst/runtime';
import type { Doors } from '../doors/open-doors.ts';
import type { Database, Transaction } from '../storage/database.ts';
import { createJournal } from '../storage/journal.ts';
import { upsertAlert, type RaisedAlert } from './alert-rows.ts';
import { lockTelling, markOutgoing, writeOutgoing, writeTold } from './outgoing-rows.ts';
import { writeAlerts, type ToldAlert } from './word-alerts.ts';

/** What waits until the database is back: the alerts with what tells them, and what has left. */
type Entry =
  | {
      kind: 'told_directly';
      alerts: readonly RaisedAlert[];
      mails: readonly ReturnType<typeof writeAlerts>[number][];
    }
  | { kind: 'sent'; mail_id: string; at: string };

interface Deps {
  doors: Doors;
  database: Database;
  journal_path: string;
  clock: Pick<Clock, 'latest' | 'hold'>;
  log: Log;
  /** By the wall, since it is about this machine. */
  now?: () => number;
  gather_ms?: number;
  unsent_ms?: number;
}

/** What a database that went takes along is told in one mail. */
const GATHER_MS = 1_000;
/** So long reporting has to send what was written. */
const UNSENT_MS = 30_000;
/** The same alert is told no sooner again. */
const COOL_DOWN_MS = 15 * 60_000;

const toTold = (alert: RaisedAlert, row = { alert_id: alert.alert_id, count: 1 }): ToldAlert => ({
  ...alert,
  ...row,
  first_at: alert.at,
  last_at: alert.at,
});

const takeEntry = async (tx: Transaction, entry: Entry): Promise<void> => {
  if (entry.kind === 'sent') return markOutgoing(tx, entry.mail_id, null, entry.at);
  const [known] = await tx.query('SELECT 1 FROM mail_outbox WHERE mail_id = ANY ($1)', [
    entry.mails.map(({ mail_id }) => mail_id),
  ]);
  if (known) return;
  const rows: { alert_id: string; count: number; severity: RaisedAlert['severity'] }[] = [];
  for (const alert of entry.alerts)
    rows.push({ ...(await upsertAlert(tx, alert)), severity: alert.severity });
  for (const mail of entry.mails) {
    await writeOutgoing(tx, { ...mail, report_id: null });
    await writeTold(tx, mail, rows);
  }
};

/**
 * Tells critical alerts by this service's own doors where reporting cannot: its row cannot be
 * written, or nobody has sent it for half a minute. Each is kept in a journal on this machine, whose
 * rows follow when the database is back, so that nobody tells it a second time; what could not be
 * sent by then is reporting's to send, with the same Message-ID.
 */
export const createTellDirectly = ({
  doors,
  database,
  journal_path,
  clock,
  log,
  now = () => performance.now(),
  gather_ms = GATHER_MS,
  unsent_ms = UNSENT_MS,
}: Deps) => {
  const journal = createJournal<Entry>({
    path: journal_path,
    take: (entries) =>
      database.transaction(async (tx) => {
        await lockTelling(tx);
        for (const entry of entries) await takeEntry(tx, entry);
      }),
    log,
  });
  const told_at = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  let gathered: RaisedAlert[] = [];
  let telling: Promise<void> = Promise.resolve();

  const soon = (ms: number, work: () => Promise<void>): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      const { run, release } = clock.hold();
      telling = telling
        .then(() => run(() => outsideContext(work)))
        .catch((error: unknown) => log.error('alert_not_told', { error }))
        .finally(release);
    }, ms);
    timers.add(timer.unref());
  };

  const tellGathered = async (): Promise<void> => {
    const alerts = gathered;
    gathered = [];
    if (alerts.length === 0) return;
    const mails = writeAlerts(
      alerts.map((alert) => toTold(alert)),
      doors,
      clock.latest(),
    );
    journal.note({ kind: 'told_directly', alerts, mails });
    for (const mail of mails) {
      const delivery = await doors.send(mail);
      const { door, mail_id } = mail;
      if (delivery.delivered) journal.note({ kind: 'sent', mail_id, at: clock.latest() });
      else log.error('alert_not_sent', { door, mail_id, error: delivery.error });
    }
    log.warn('alerts_told_directly', { codes: alerts.map(({ code }) => code) });
  };

  /** What of an alert has not left yet, written where nobody has written it. */
  const takeUnsent = (alert: RaisedAlert) =>
    database.transaction(async (tx) => {
      await lockTelling(tx);
      const [row] = await tx.query<{ alert_id: string; count: number }>(
        `SELECT alert_id, count FROM alerts WHERE source = $1 AND key = $2
           AND cycle_id IS NOT DISTINCT FROM $3 AND acknowledged_at IS NULL`,
        [alert.source, alert.key, alert.cycle_id],
      );
      if (!row) return [];
      const at = clock.latest();
      const [told] = await tx.query(
        `SELECT 1 FROM alert_mails WHERE alert_id = $1 AND (count >= $2 OR told_at > $3) LIMIT 1`,
        [row.alert_id, row.count, later(at, -COOL_DOWN_MS)],
      );
      if (told) return [];
      const mails = writeAlerts([toTold(alert, row)], doors, at);
      for (const mail of mails) {
        await writeOutgoing(tx, { ...mail, report_id: null });
        await writeTold(tx, mail, [{ ...row, severity: alert.severity }]);
      }
      return mails;
    });

  const away = (alert: RaisedAlert): void => {
    const key = `${alert.key} ${alert.cycle_id}`;
    if (now() - (told_at.get(key) ?? -Infinity) < COOL_DOWN_MS) return;
    told_at.set(key, now());
    log.error('alert_raised', { code: alert.code, message: alert.message, row: 'follows' });
    gathered.push(alert);
    if (gathered.length === 1) soon(gather_ms, tellGathered);
  };

  return {
    /** The row of a critical alert could not be written. */
    away,
    /** It was written: looks half a minute later whether it has left. */
    watch: (alert: RaisedAlert): void => {
      if (doors.names.length === 0) return;
      soon(unsent_ms, async () => {
        try {
          for (const mail of await takeUnsent(alert)) {
            const delivery = await doors.send(mail);
            await markOutgoing(
              database,
              mail.mail_id,
              delivery.delivered ? null : delivery.error,
              clock.latest(),
            );
            log.warn('alerts_told_directly', { codes: [alert.code], door: mail.door });
          }
        } catch (error) {
          log.warn('alert_not_looked_after', { code: alert.code, error });
        }
      });
    },
    refused: journal.refused,
    stop: async (): Promise<void> => {
      for (const timer of timers) clearTimeout(timer);
      await telling;
      await tellGathered();
      await journal.close();
    },
  };
};
export type TellDirectly = ReturnType<typeof createTellDirectly>;
