import { messageOf, outsideContext, type Log } from '@catalyst/service-kit';
import type { Services } from '../services.ts';
import type { SignalFanOut } from '../signal-fan-out.ts';
import { endOf, type SignalSession } from '../signal-session.ts';
import type { FollowSignals } from './follow-signals.ts';
import type { RecordSessions } from './record-sessions.ts';

const EVERY_MS = 500;
/** A client that is connected is told as seen this often. */
const SEEN_EVERY_MS = 15_000;
/** A client that was heard within this is there. */
const HEARD_WITHIN_MS = 45_000;

interface Deps {
  workflow: Services['clients'];
  follow: FollowSignals;
  fanOut: SignalFanOut;
  record: RecordSessions;
  log: Log;
  now(): string;
}

/**
 * While anybody is connected: asks workflow twice a second how far the log is and whose key,
 * settings or limits changed. What Redis loses is found here, and who is revoked leaves within a
 * second.
 */
export const createWatchClients = ({ workflow, follow, fanOut, record, log, now }: Deps) => {
  let change: number | undefined;
  let answered_at = performance.now();
  let isRunning = false;
  let seen_at = 0;

  const look = async (session: SignalSession): Promise<void> => {
    const { client_id } = session.client;
    const { client, refused } = await workflow.findSignalClient({ body: { client_id } });
    if (!client)
      return refused === 'KEY_EXPIRED'
        ? session.end('expired', 'the key has expired')
        : session.end('revoked', 'the key was revoked');
    const before = session.client.configuration;
    session.client = client;
    session.expires_at = endOf(client);
    session.isAlone = !client.configuration.flags.multiple_sessions;
    if (JSON.stringify(before) === JSON.stringify(client.configuration)) return;
    session.send({ type: 'config_updated', configuration: client.configuration });
    if (session.state === 'open') return;
    const isOwn =
      JSON.stringify(before.settings.filters) !==
      JSON.stringify(client.configuration.settings.filters);
    // filters that are kept at the desk hold at once; those of the subscription stay, under the desk's floor
    fanOut.filter(session, isOwn ? client.configuration.settings.filters : session.filters);
  };
  const watch = async (): Promise<void> => {
    const watched = await workflow.watchSignals({
      query: change === undefined ? {} : { after_change: change },
    });
    answered_at = performance.now();
    await follow.reach(watched.seq);
    const isAll = watched.changes.some(({ client_id }) => client_id === null);
    const changed = new Set(watched.changes.map(({ client_id }) => client_id));
    // most often nothing has changed, and there are thousands of them
    if (watched.changes.length > 0)
      for (const session of fanOut.sessions())
        if (isAll || changed.has(session.client.client_id)) await look(session);
    change = watched.change;
  };
  const tellSeen = (): void => {
    const at = performance.now();
    if (at - seen_at < SEEN_EVERY_MS) return;
    seen_at = at;
    const time = now();
    for (const { receiver, heard_at } of fanOut.sessions())
      if (at - heard_at < HEARD_WITHIN_MS) record.seen(receiver.client_id, time);
  };
  const timer = setInterval(() => {
    if (isRunning || fanOut.sessions().size === 0) return;
    isRunning = true;
    tellSeen();
    void outsideContext(watch)
      .catch((error: unknown) => log.debug('signal_watch_failed', { reason: messageOf(error) }))
      .finally(() => {
        isRunning = false;
      });
  }, EVERY_MS).unref();
  return {
    /** Since when workflow has not answered, in ms of the wall. */
    silent_ms: () => performance.now() - answered_at,
    /** From where changes are looked for: to be asked before somebody is let in. */
    begin: async (): Promise<number> => {
      change ??= (await workflow.watchSignals({ query: {} })).change;
      answered_at = performance.now();
      return change;
    },
    /** Looks again at who was let in while something changed. */
    check: async (session: SignalSession, since: number): Promise<void> => {
      if (change !== since) await look(session);
    },
    stop: (): void => clearInterval(timer),
  };
};
export type WatchClients = ReturnType<typeof createWatchClients>;
