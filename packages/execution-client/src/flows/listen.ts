import { setTimeout as sleep } from 'node:timers/promises';
import { streamLimits, type ClientFrame, type SignalFilters } from '@catalyst/contracts';
import { createFeedbackStore } from '../store/signal-store.ts';
import { openTrades } from '../store/own-positions.ts';
import { openSignalStream, type SignalStream, type StreamState } from '../stream/signal-stream.ts';
import type { ClientParts } from './client-parts.ts';

/** Words of a refused feedback that sending it again would not change. */
const NEVER_TAKEN: ReadonlySet<string> = new Set(['UNKNOWN_SIGNAL', 'SCOPE_NOT_GRANTED']);
/** A replay ends rather than goes on without a signal. */
const SEEN_WITHIN_MS = 30_000;
/** Below the desk's limit of messages a second. */
const MESSAGES_A_SECOND = streamLimits.messages_per_second - 2;
/** What the desk has not confirmed by then is told again. */
const AGAIN_AFTER_MS = 10_000;

/**
 * The client's end of the stream: what comes is kept by its number before anything is done about it,
 * and what goes back is kept until the desk has it.
 * @param wake what looks at what has come
 */
export const createListen = (parts: ClientParts, wake: () => void) => {
  const { profile, signals, database, clock, log, tell } = parts;
  const feedback = createFeedbackStore(database);
  let stream: SignalStream | null = null;
  let log_id: string | null = null;
  let acked = 0;
  let told: StreamState['state'] | null = null;

  const toldAt = new Map<string, number>();
  const sent: number[] = [];
  /** False where it is not connected, or has said enough in the last second. */
  const say = (frame: ClientFrame): boolean => {
    const now = performance.now();
    while (sent.length > 0 && sent[0]! <= now - 1000) sent.shift();
    if (sent.length >= MESSAGES_A_SECOND || !stream?.send(frame)) return false;
    sent.push(now);
    return true;
  };

  /** What the desk keeps for this client, and whatever it says of what the client holds. */
  const filtersWith = (kept: SignalFilters): SignalFilters => ({
    ...kept,
    follow: openTrades(database).map(({ signal_id }) => signal_id),
  });

  const open = (): SignalStream =>
    openSignalStream({
      address: profile.address,
      pin: profile.pin,
      key: profile.key,
      log,
      handlers: {
        onWelcome: async ({ log_id: of, configuration }) => {
          log_id = of;
          const cursor = signals.cursor();
          const isSame = cursor?.log_id === of;
          if (isSame) await signals.configure(configuration);
          else await signals.begin(of, 0, configuration);
          return {
            after_seq: isSame ? cursor.last_seq : null,
            filters: filtersWith(configuration.effective.filters),
          };
        },
        onSubscribed: async ({ after_seq }) => {
          const { configuration } = signals.cursor()!;
          await signals.begin(log_id!, after_seq, configuration);
        },
        onSignal: async (frame) => {
          const isWhole = await signals.take(frame, clock.latest());
          if (isWhole) tell({ event: 'signal', signal: frame.signal });
          wake();
          return isWhole;
        },
        onSeen: ({ after, seq }) => signals.seen(after, seq),
        onConfiguration: ({ configuration }) => signals.configure(configuration),
        onFeedbackRecorded: ({ signal_id, outcome }) => {
          toldAt.delete(`${signal_id} ${outcome}`);
          return feedback.settle(signal_id, outcome, clock.latest());
        },
        onError: async ({ code }) => {
          const [first] = feedback.waiting(1);
          // the desk answers in the order of what it was told
          if (first && NEVER_TAKEN.has(code))
            await feedback.settle(first.signal_id, first.outcome, clock.latest());
        },
      },
    });

  return {
    start: (): void => {
      stream ??= open();
    },
    /** Closes it as a machine does that falls asleep; `start` goes on from the last number. */
    stop: (): void => {
      stream?.stop();
      stream = null;
    },
    state: (): StreamState => stream?.state() ?? { state: 'stopped', reason: null },
    /** Parts of the desk that are not well, by its last heartbeat. */
    troubles: (): Record<string, string> => stream?.troubles() ?? {},
    heard_ms: (): number | null => stream?.heard_ms() ?? null,
    /** Until everything up to a number has come; @throws Error where it does not in time. */
    seen: async (seq: number): Promise<void> => {
      const until = performance.now() + SEEN_WITHIN_MS;
      while ((signals.cursor()?.last_seq ?? -1) < seq || stream?.state().state !== 'live') {
        if (performance.now() > until)
          throw new Error(`signal ${seq} did not come in ${SEEN_WITHIN_MS / 1000} s`);
        await sleep(5);
      }
    },
    /** Tells changes of the connection, acknowledges what is kept, and says what is to be said. */
    look: (): void => {
      const state = stream?.state() ?? { state: 'stopped' as const, reason: null };
      if (state.state !== told) tell({ event: 'stream', state });
      told = state.state;
      if (!stream || state.state !== 'live') return;
      const seen = signals.cursor()?.last_seq ?? 0;
      if (seen > acked && say({ type: 'ack', seq: seen })) acked = seen;
      const now = performance.now();
      for (const one of feedback.waiting(MESSAGES_A_SECOND)) {
        const name = `${one.signal_id} ${one.outcome}`;
        if (now - (toldAt.get(name) ?? Number.NEGATIVE_INFINITY) < AGAIN_AFTER_MS) continue;
        if (!say({ type: 'feedback', ...one })) return;
        toldAt.set(name, now);
      }
    },
  };
};
