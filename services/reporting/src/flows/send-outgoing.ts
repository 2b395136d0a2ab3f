import { setTimeout as sleep } from 'node:timers/promises';
import { later } from '@catalyst/domain';
import type { Clock, Delivery, Doors, Log, OutgoingRow } from '@catalyst/service-kit';
import { HOUR_MS } from '../domain/choose-alerts.ts';
import { renderHtml } from '../domain/report/render-html.ts';
import type { OutgoingStore } from '../store/outgoing.ts';

interface Deps {
  store: OutgoingStore;
  doors: Doors;
  clock: Clock;
  log: Log;
  /** Waits between the tries of one delivery, in milliseconds of the wall's time. */
  backoff_ms?: readonly number[];
}

/** What is older is history, not news. */
const ALERTS_ARE_NEWS_MS = 24 * HOUR_MS;
const REPORTS_ARE_NEWS_MS = 7 * 24 * HOUR_MS;

/**
 * Sends what waits in the outbox, one at a time. A row is marked after the other side took it; a
 * crash between the two sends it once more with the same Message-ID or id, by which readers
 * recognize the repeat.
 */
export const createSendOutgoing = ({
  store,
  doors,
  clock,
  log,
  backoff_ms = [250, 1000],
}: Deps) => {
  // why each kind does not go out by a door; no word of the other side: health is open to strangers
  const failing = new Map<string, string>();
  let queue: Promise<unknown> = Promise.resolve();

  const send = async (row: OutgoingRow): Promise<Delivery> => {
    if (row.report_id === null) return doors.send(row);
    const { content, equity_curve } = (await store.findReport(row.report_id))!;
    return doors.mailer!.send({
      message_id: row.message_id,
      to: row.recipient!,
      subject: row.subject,
      plain_text: row.plain_text,
      date: row.written_at,
      html: renderHtml(content, 'cid:equity'),
      equity_curve,
    });
  };

  const deliver = async (row: OutgoingRow, tries: number): Promise<void> => {
    const { mail_id, door } = row;
    const kind = row.report_id === null ? 'alerts' : 'report';
    const isOpen = doors.names.includes(door);
    for (let attempt = 0; isOpen && attempt < tries; attempt += 1) {
      if (attempt > 0) await sleep(backoff_ms[attempt - 1]);
      const delivery = await send(row);
      await store.mark(mail_id, delivery.delivered ? null : delivery.error, clock.latest());
      if (delivery.delivered) {
        failing.delete(`${kind} ${door}`);
        log.info(`${kind}_sent`, { door, mail_id, severity: row.severity });
        return;
      }
      failing.set(
        `${kind} ${door}`,
        kind === 'report'
          ? `a report could not be mailed: ${row.subject}`
          : `alerts cannot leave by ${door}`,
      );
      log.warn(`${kind}_not_sent`, { door, mail_id, attempt, error: delivery.error });
      if (delivery.permanent) return;
    }
  };

  /** In turn with all else that is sent; a rehearsal's time waits for it. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const { run, release } = clock.hold();
    const done = queue.then(() => run(work)).finally(release);
    queue = done.catch(() => undefined);
    return done;
  };
  const deliverAll = async (with_failed: boolean, max_attempts: number, tries: number) => {
    const now = clock.latest();
    const since = {
      alerts_since: later(now, -ALERTS_ARE_NEWS_MS),
      reports_since: later(now, -REPORTS_ARE_NEWS_MS),
    };
    for (const row of await store.waiting(since, with_failed, max_attempts))
      await deliver(row, tries);
  };

  return {
    inTurn,
    /** Sends what was not tried yet: three tries each. Only in turn. */
    deliverFresh: (): Promise<void> => deliverAll(false, 1, backoff_ms.length + 1),
    /** Sends one now, also one that failed: three tries, unless it got them from another since. */
    sendNow: (mail_id: string, attempts: number): Promise<void> =>
      inTurn(async () => {
        const row = await store.unsent(mail_id, attempts);
        if (row) await deliver(row, backoff_ms.length + 1);
      }),
    /** Tries everything that waits once. */
    retry: (max_attempts: number): Promise<void> => inTurn(() => deliverAll(true, max_attempts, 1)),
    /** Why something does not go out. */
    trouble: (): string[] => [...failing.values()],
    idle: () => queue,
  };
};
export type SendOutgoing = ReturnType<typeof createSendOutgoing>;
