import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { later } from '@catalyst/domain';
import type { Clock, Log } from '@catalyst/service-kit';
import type { Delivery, Mailer } from '../adapters/smtp.ts';
import type { Webhook } from '../adapters/webhook.ts';
import { chooseAlerts, HOUR_MS } from '../domain/choose-alerts.ts';
import { wordAlerts } from '../domain/word-alerts.ts';
import type { AlertStore, Door, OutgoingRow } from '../store/alerts.ts';

interface Deps {
  store: AlertStore;
  mailer: Mailer | null;
  webhook: Webhook | null;
  /** Whether the webhook is told the messages too, which may state amounts. */
  with_messages: boolean;
  /** Which desk speaks, for subjects: PAPER, LIVE, REPLAY, REHEARSAL. */
  desk: string;
  /** Within a replay's step no time passes: its next look is the next alert's, or the report's. */
  is_replay: boolean;
  clock: Clock;
  log: Log;
  /** Waits between the tries of one delivery, in milliseconds of the wall's time. */
  backoff_ms?: readonly number[];
}

/** What is older than a day is history, not news. */
const NEWS_MS = 24 * HOUR_MS;

/**
 * Takes alerts out of the machine. What is told is written with the mail that tells it, in one
 * transaction, before anything is sent; a crash between the sending and the mark sends it once more
 * under the same Message-ID. Nobody waits for it but a rehearsal's time.
 */
export const createSendAlerts = ({
  store,
  mailer,
  webhook,
  with_messages,
  desk,
  is_replay,
  clock,
  log,
  backoff_ms = [250, 1000],
}: Deps) => {
  const doors: Door[] = [
    ...(mailer ? ['mail' as const] : []),
    ...(webhook ? ['webhook' as const] : []),
  ];
  const failing = new Map<Door, string>();
  let queue: Promise<unknown> = Promise.resolve();
  let disarm = (): void => {};
  let isStopped = false;

  const gather = async (flush: boolean): Promise<string | null> => {
    const now = clock.latest();
    return store.transaction(async (tx) => {
      const untold = await store.untold(tx, later(now, -NEWS_MS));
      const mailed_at = await store.writtenSince(tx, doors[0]!, later(now, -HOUR_MS));
      const { tell, next_at } = chooseAlerts(untold, now, mailed_at, flush);
      if (tell.length > 0) {
        const words = wordAlerts(tell, desk, with_messages);
        for (const door of doors) {
          const mail_id = randomUUID();
          const message_id = `${mail_id}@${mailer?.from_domain ?? 'catalyst'}`;
          const recipient = door === 'mail' ? mailer!.to : null;
          await store.write(
            tx,
            { ...words, mail_id, door, message_id, recipient, written_at: now },
            tell,
          );
        }
      }
      return next_at;
    });
  };

  const send = ({
    door,
    mail_id,
    message_id,
    recipient,
    ...row
  }: OutgoingRow): Promise<Delivery> =>
    door === 'mail'
      ? mailer!.send({
          message_id,
          to: recipient!,
          subject: row.subject,
          plain_text: row.plain_text,
          date: row.written_at,
        })
      : webhook!.call(mail_id, row.body);

  const deliver = async (row: OutgoingRow, tries: number): Promise<void> => {
    const { mail_id, door } = row;
    for (let attempt = 0; attempt < tries; attempt += 1) {
      if (attempt > 0) await sleep(backoff_ms[attempt - 1]);
      const delivery = await send(row);
      await store.mark(mail_id, delivery.delivered ? null : delivery.error, clock.latest());
      if (delivery.delivered) {
        failing.delete(door);
        log.info('alerts_sent', { door, mail_id, severity: row.severity });
        return;
      }
      failing.set(door, delivery.error);
      log.warn('alerts_not_sent', { door, mail_id, attempt, error: delivery.error });
      if (delivery.permanent) return;
    }
  };
  const deliverAll = async (with_failed: boolean, attempts: number, tries: number) => {
    const since = later(clock.latest(), -NEWS_MS);
    const rows = await store.waiting(since, with_failed, attempts);
    for (const row of rows) if (doors.includes(row.door)) await deliver(row, tries);
  };

  const inTurn = (name: string, work: () => Promise<void>): Promise<void> => {
    const release = clock.hold();
    const done = queue
      .then(work)
      .catch((error: unknown) => log.warn('alerts_not_read', { during: name, error }))
      .finally(release);
    queue = done;
    return done;
  };
  const look = (flush: boolean): Promise<void> =>
    inTurn('look', async () => {
      if (doors.length === 0 || isStopped) return;
      const next_at = await gather(flush);
      disarm();
      disarm = next_at === null || is_replay ? () => {} : clock.at(next_at, wake);
      await deliverAll(false, 1, backoff_ms.length + 1);
    });
  const wake = (): Promise<void> => look(false);

  return {
    /** Looks at once what is to be told, and tells it. */
    wake,
    /** Tells everything that is untold, whoever it waits for. */
    flush: (): Promise<void> => look(true),
    /** Tries again what could not be sent. */
    retry: (max_attempts: number): Promise<void> =>
      inTurn('retry', () => deliverAll(true, max_attempts, 1)),
    /** Why alerts do not go out, without the other side's words. */
    trouble: (): string[] => [...failing.keys()].map((door) => `alerts cannot leave by ${door}`),
    doors,
    stop: async (): Promise<void> => {
      await queue;
      isStopped = true;
      disarm();
    },
  };
};
export type SendAlerts = ReturnType<typeof createSendAlerts>;
