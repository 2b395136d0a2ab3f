import { streamLimits, type SignalFilters, type StreamErrorCode } from '@catalyst/contracts';
import { messageOf, type Log } from '@catalyst/service-kit';
import { filterKey, passes, underFloor } from './domain/signal-filter.ts';
import { frameText } from './domain/frame-text.ts';
import type { FollowSignals, LogRow } from './flows/follow-signals.ts';
import type { Receiver, RecordSessions } from './flows/record-sessions.ts';
import { BEAT_MS, type SignalSession } from './signal-session.ts';

interface Deps {
  follow(): FollowSignals;
  record: RecordSessions;
  log: Log;
  now(): string;
  components(): Record<string, 'healthy' | 'degraded' | 'unhealthy'>;
  delivered(count: number): void;
}

interface Group {
  key: string;
  filters: SignalFilters;
  live: Set<SignalSession>;
}

/** A row's frame; what differs among clients is only what they were told before it. */
const rowFrame = (after: number, { json }: LogRow): Buffer =>
  frameText(`{"type":"signal","after":${after},"signal":${json}}`);

/** What a client is told that is sent away by a deploy. */
export const DEPLOY = 'the desk is being updated: come back in a moment';
/** Silent for longer than two heartbeats and a half: gone. */
const SILENT_MS = BEAT_MS * 2.5;
/** A ping without a payload (RFC 6455, 5.5.2). */
const PING = Buffer.from([0x89, 0]);

/**
 * Hands each row to whom it is for: a filter is asked once however many share it, and a frame is
 * made once for all that were told the same before it.
 */
export const createSignalFanOut = ({ follow, record, log, now, components, delivered }: Deps) => {
  const sessions = new Set<SignalSession>();
  const byClient = new Map<string, Set<SignalSession>>();
  const groups = new Map<string, Group>();

  const groupOf = (filters: SignalFilters): Group => {
    const key = filterKey(filters);
    const known = groups.get(key) ?? { key, filters, live: new Set() };
    groups.set(key, known);
    return known;
  };
  const leaveGroup = (session: SignalSession): void => {
    const group = groups.get(filterKey(session.filters));
    group?.live.delete(session);
    if (group?.live.size === 0) groups.delete(group.key);
  };
  const give = (session: SignalSession, row: LogRow, frame: Buffer): void => {
    session.told = row.signal.seq;
    session.write(frame);
    record.delivered(session.receiver, row.signal.seq);
  };

  /** The live half: everything of one row happens in one turn. */
  const publish = (row: LogRow): void => {
    const frames = new Map<number, Buffer>();
    const receivers: Receiver[] = [];
    const behind: SignalSession[] = [];
    // most were told the same before it, one after the other
    let after = 0;
    let frame: Buffer | undefined;
    for (const { filters, live } of groups.values()) {
      if (live.size === 0 || !passes(filters, row.signal)) continue;
      for (const session of live) {
        if (!frame || session.told !== after) {
          after = session.told;
          frame = frames.get(after);
          if (!frame) frames.set(after, (frame = rowFrame(after, row)));
        }
        session.told = row.signal.seq;
        receivers.push(session.receiver);
        if (!session.write(frame) && session.isBehind()) behind.push(session);
      }
    }
    for (const session of behind) goBehind(session);
    if (receivers.length > 0) record.deliveredTo(receivers, row.signal.seq);
    delivered(receivers.length);
  };

  /** Sends what is missing, as fast as the client reads it, and goes over to live in one turn. */
  const backfill = async (session: SignalSession, after: number): Promise<void> => {
    const log_rows = follow();
    let at = after;
    let sent = 0;
    while (await session.caughtUp()) {
      if (at >= log_rows.head()) {
        session.told = Math.max(at, session.told);
        session.send({ type: 'backfill', seq: session.told, sent });
        session.state = 'live';
        groupOf(session.filters).live.add(session);
        return;
      }
      const page = await log_rows.after(at);
      if (page.length === 0) await log_rows.reach(at + 1);
      for (const row of page) {
        // a page of long rows is more than may lie unread
        if (session.isBehind() && !(await session.caughtUp())) return;
        at = row.signal.seq;
        if (!passes(session.filters, row.signal)) continue;
        give(session, row, rowFrame(session.told, row));
        sent += 1;
      }
    }
  };
  const startBackfill = (session: SignalSession): void => {
    session.state = 'backfill';
    backfill(session, session.told).catch((error: unknown) => {
      log.warn('backfill_failed', { client: session.client.name, reason: messageOf(error) });
      session.end('lagging_copy', 'older signals cannot be read at the moment');
    });
  };
  /** More came at once than it could have read: it is sent the rest as it reads. */
  const goBehind = (session: SignalSession): void => {
    if (session.state !== 'live') return;
    leaveGroup(session);
    startBackfill(session);
  };

  const drop = (session: SignalSession): void => {
    leaveGroup(session);
    sessions.delete(session);
    const { client_id } = session.client;
    const those = byClient.get(client_id);
    those?.delete(session);
    if (those?.size === 0) byClient.delete(client_id);
  };

  /** A heartbeat of this moment, made once for all that were told the same before it. */
  const createBeat = () => {
    const text = `"server_time":"${now()}","components":${JSON.stringify(components())}}`;
    const head = follow().head();
    const frames = new Map<string, Buffer>();
    return (session: SignalSession, isQuiet: boolean): void => {
      // nothing is considered for who has not subscribed, nor what is under way
      const seq = session.state === 'live' ? head : session.told;
      const key = `${seq}:${session.told}:${isQuiet}`;
      let frame = frames.get(key);
      if (!frame) {
        frame = frameText(`{"type":"heartbeat","seq":${seq},"after":${session.told},${text}`);
        // in one write: what a client is asked costs as much as what it is told
        if (isQuiet) frame = Buffer.concat([frame, PING]);
        frames.set(key, frame);
      }
      session.write(frame);
      if (session.state === 'live') session.told = seq;
    };
  };
  /** Each second: whose key has ended, who does not read, who is silent, and who has had no heartbeat for so long: never all at once. */
  const sweep = setInterval(() => {
    const at = performance.now();
    const time = Date.parse(now());
    let beat: ReturnType<typeof createBeat> | null = null;
    for (const session of sessions) {
      if (session.expires_at <= time) session.end('expired', 'the key has expired');
      else if (session.stuck_ms(at) > streamLimits.unread_s * 1000)
        session.end('too_slow', 'nothing of what was sent was read for 10 s');
      else if (at - session.heard_at > SILENT_MS) session.end('silent', 'no sign of life for 75 s');
      else if (session.beat_at <= at) {
        session.beat_at += BEAT_MS;
        beat ??= createBeat();
        beat(session, at - session.heard_at > BEAT_MS / 2);
      }
    }
  }, 1000).unref();

  return {
    sessions: (): ReadonlySet<SignalSession> => sessions,
    /** Distinct filters of live sessions. */
    groups: () => groups.size,
    publish,
    /** Sessions of one client. */
    of: (client_id: string): readonly SignalSession[] => [...(byClient.get(client_id) ?? [])],
    enter: (session: SignalSession): void => {
      const { client_id } = session.client;
      sessions.add(session);
      byClient.set(client_id, (byClient.get(client_id) ?? new Set()).add(session));
    },
    leave: (session: SignalSession): void => {
      session.state = 'ended';
      drop(session);
    },
    subscribe: (
      session: SignalSession,
      asked: SignalFilters,
      after_seq: number | null,
    ): StreamErrorCode | null => {
      const head = follow().head();
      const after = after_seq ?? head;
      if (after > head) return 'SEQ_AHEAD';
      session.filters = underFloor(asked, session.client.configuration.limits.min_confidence);
      session.told = after;
      session.send({
        type: 'subscribed',
        filters: session.filters,
        after_seq: after,
        seq: head,
      });
      startBackfill(session);
      return null;
    },
    /** Other filters from the next row on. */
    filter: (session: SignalSession, asked: SignalFilters): void => {
      const isLive = session.state === 'live';
      leaveGroup(session);
      session.filters = underFloor(asked, session.client.configuration.limits.min_confidence);
      if (isLive) {
        session.told = follow().head();
        groupOf(session.filters).live.add(session);
      }
      session.send({ type: 'filters_updated', filters: session.filters, seq: session.told });
    },
    stop: (): void => {
      clearInterval(sweep);
      for (const session of sessions) session.end('deploy', DEPLOY);
    },
  };
};
export type SignalFanOut = ReturnType<typeof createSignalFanOut>;
