import { later } from '@catalyst/domain';
import { writeAlerts, type Clock, type Doors, type Log } from '@catalyst/service-kit';
import { chooseAlerts, HOUR_MS } from '../domain/choose-alerts.ts';
import type { OutgoingStore } from '../store/outgoing.ts';
import type { SendOutgoing } from './send-outgoing.ts';

interface Deps {
  store: OutgoingStore;
  outgoing: SendOutgoing;
  doors: Doors;
  /** Within a replay's step no time passes: its next look is the next alert's, or the report's. */
  is_replay: boolean;
  clock: Clock;
  log: Log;
}

/** What is older than a day is history, not news. */
const NEWS_MS = 24 * HOUR_MS;

/**
 * Takes alerts out of the machine. What is told is written with the mail that tells it, in one
 * transaction, before anything is sent; a crash between the sending and the mark sends it once more
 * under the same Message-ID. Nobody waits for it but a rehearsal's time.
 */
export const createSendAlerts = ({ store, outgoing, doors, is_replay, clock, log }: Deps) => {
  let disarm = (): void => {};
  let isStopped = false;

  const gather = async (flush: boolean): Promise<string | null> => {
    const now = clock.latest();
    return store.transaction(async (tx) => {
      await store.lock(tx);
      const untold = await store.untold(tx, later(now, -NEWS_MS));
      const mailed_at = await store.writtenSince(tx, doors.names[0]!, later(now, -HOUR_MS));
      const { tell, next_at } = chooseAlerts(untold, now, mailed_at, flush);
      if (tell.length > 0)
        for (const row of writeAlerts(tell, doors, now))
          await store.writeAlerts(tx, { ...row, report_id: null }, tell);
      return next_at;
    });
  };

  const look = (flush: boolean): Promise<void> =>
    outgoing
      .inTurn(async () => {
        if (doors.names.length === 0 || isStopped) return;
        const next_at = await gather(flush);
        disarm();
        disarm = next_at === null || is_replay ? () => {} : clock.at(next_at, wake);
        await outgoing.deliverFresh();
      })
      .catch((error: unknown) => log.warn('alerts_not_read', { error }));
  const wake = (): Promise<void> => look(false);

  return {
    /** Looks at once what is to be told, and tells it. */
    wake,
    /** Tells everything that is untold, whoever it waits for. */
    flush: (): Promise<void> => look(true),
    stop: async (): Promise<void> => {
      await outgoing.idle();
      isStopped = true;
      disarm();
    },
  };
};
export type SendAlerts = ReturnType<typeof createSendAlerts>;
