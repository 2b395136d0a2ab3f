import {
  finalReasons,
  serverFrame,
  streamLimits,
  type ClientFrame,
  type ServerFrame,
  type SignalFilters,
} from '@catalyst/contracts';
import type { Log } from '@catalyst/runtime';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { streamAddress } from './desk-address.ts';
import { agentFor } from './pinned-agent.ts';

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

export interface StreamHandlers {
  /** The desk knows the client; answers from where on to go, and with which filters. */
  onWelcome(welcome: FrameOf<'welcome'>): Promise<{
    after_seq: number | null;
    filters: SignalFilters;
  }>;
  onSubscribed(subscribed: FrameOf<'subscribed'>): Promise<void>;
  /** @returns false where a number is missing before it: the stream is begun again after the last */
  onSignal(frame: FrameOf<'signal'>): Promise<boolean>;
  /** All between `after` and `seq` concerns nobody here; the same answer as of a signal. */
  onSeen(told: { after: number; seq: number }): Promise<boolean>;
  onConfiguration(frame: FrameOf<'config_updated'>): Promise<void>;
  onFeedbackRecorded(frame: FrameOf<'feedback_recorded'>): Promise<void>;
  onError(frame: FrameOf<'error'>): Promise<void>;
}

/** `refused`: a person has to look; the client does not come back by itself. */
export type StreamState =
  | { state: 'connecting' | 'backfilling' | 'live' | 'stopped'; reason: null }
  | { state: 'waiting' | 'refused'; reason: string };

export interface SignalStream {
  state(): StreamState;
  /** When the last frame came, on this machine's clock; null before the first. */
  heard_ms(): number | null;
  /** Parts of the desk that are not well, by its last heartbeat. */
  troubles(): Record<string, string>;
  /** False where it is not connected: it is to be sent again later. */
  send(frame: ClientFrame): boolean;
  /** Until everything that has come so far is handled. */
  settled(): Promise<void>;
  stop(): void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** Two heartbeats that did not come. */
const SILENT_MS = streamLimits.heartbeat_every_s * 2500;
const LOOK_EVERY_MS = 5000;
/** A timer this late means that the machine has slept: the connection is dead and does not know. */
const SLEPT_MS = 30_000;

const MISSING = 'a signal is missing';

const unreadSignal = z.object({
  type: z.literal('signal'),
  after: z.int(),
  signal: z.object({ seq: z.int(), kind: z.string().optional() }),
});

interface Options {
  address: string;
  pin: string | null;
  key: string;
  handlers: StreamHandlers;
  log: Log;
  /** 0 to 1, so that many clients do not come back at once. */
  random?: () => number;
}

/**
 * One lasting subscription to the desk's signals: it authenticates, subscribes after the last number
 * that was seen, and comes back by itself, later each time, until the desk refuses it for good.
 * Frames are handled one after the other.
 */
export const openSignalStream = ({
  address,
  pin,
  key,
  handlers,
  log,
  random = Math.random,
}: Options): SignalStream => {
  const url = streamAddress(address);
  let state: StreamState = { state: 'connecting', reason: null };
  let socket: WebSocket | null = null;
  let heard: number | null = null;
  let failures = 0;
  let troubles: Record<string, string> = {};
  let retry: NodeJS.Timeout | undefined;
  let handling: Promise<void> = Promise.resolve();
  let isStopped = false;

  const send = (frame: ClientFrame): boolean => {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  };

  /** Ends a connection that is not to be trusted any longer; its end brings the next one. */
  const beginAgain = (of: WebSocket, reason: string): void => {
    log.warn('stream_begun_again', { reason });
    of.terminate();
  };

  const comeBack = (reason: string, at_least_ms = 0): void => {
    if (isStopped || state.state === 'refused') return;
    const most = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
    failures += 1;
    state = { state: 'waiting', reason };
    clearTimeout(retry);
    retry = setTimeout(connect, at_least_ms + most * (0.5 + random() / 2));
  };

  const see = async (of: WebSocket, told: { after: number; seq: number }): Promise<void> => {
    if (!(await handlers.onSeen(told))) beginAgain(of, MISSING);
  };

  /** What a later desk says that this client cannot read; its number is seen, and it is not traded. */
  const passOver = async (of: WebSocket, value: unknown): Promise<void> => {
    const unread = unreadSignal.safeParse(value);
    log.warn('stream_frame_unread', unread.data?.signal);
    if (unread.success) await see(of, { after: unread.data.after, seq: unread.data.signal.seq });
  };

  const handle = async (of: WebSocket, frame: ServerFrame): Promise<void> => {
    switch (frame.type) {
      case 'welcome': {
        const { after_seq, filters } = await handlers.onWelcome(frame);
        send({ type: 'subscribe', after_seq, filters });
        return;
      }
      case 'subscribed':
        state = { state: 'backfilling', reason: null };
        await handlers.onSubscribed(frame);
        return;
      case 'signal':
        if (!(await handlers.onSignal(frame))) beginAgain(of, MISSING);
        return;
      case 'heartbeat':
        await see(of, frame);
        troubles = Object.fromEntries(
          Object.entries(frame.components).filter(([, health]) => health !== 'healthy'),
        );
        return;
      case 'backfill':
        await handlers.onSeen({ after: 0, seq: frame.seq });
        state = { state: 'live', reason: null };
        failures = 0;
        return;
      case 'config_updated':
        await handlers.onConfiguration(frame);
        return;
      case 'feedback_recorded':
        await handlers.onFeedbackRecorded(frame);
        return;
      case 'goodbye': {
        const { reason, message, reconnect_after_ms } = frame;
        log.info('stream_goodbye', { reason, message });
        if (finalReasons.has(reason)) state = { state: 'refused', reason: message };
        else comeBack(message, reconnect_after_ms);
        of.close();
        return;
      }
      case 'error':
        log.warn('stream_error', { code: frame.code, message: frame.message });
        // numbers that this client has are gone at the desk: which of both is right, a person knows
        if (frame.code === 'SEQ_AHEAD') {
          state = { state: 'refused', reason: frame.message };
          of.close();
        }
        await handlers.onError(frame);
        return;
      case 'pong':
      case 'ack_recorded':
      case 'filters_updated':
    }
  };

  const receive = async (of: WebSocket, data: string): Promise<void> => {
    // what was still to be handled of an earlier connection comes again on the next
    if (of !== socket) return;
    try {
      const value: unknown = JSON.parse(data);
      const parsed = serverFrame.safeParse(value);
      await (parsed.success ? handle(of, parsed.data) : passOver(of, value));
    } catch (error) {
      log.error('stream_frame_not_handled', { error });
      beginAgain(of, 'a frame could not be handled');
    }
  };

  const take = (of: WebSocket, data: string): void => {
    heard = Date.now();
    handling = handling.then(() => receive(of, data));
  };

  const connect = (): void => {
    if (isStopped) return;
    state = { state: 'connecting', reason: null };
    heard = Date.now();
    const opened = new WebSocket(url, {
      agent: agentFor(pin),
      handshakeTimeout: 10_000,
      maxPayload: 1_048_576,
      followRedirects: false,
    });
    socket = opened;
    opened.on('open', () => send({ type: 'auth', key }));
    opened.on('message', (data, isBinary) => {
      if (!isBinary) take(opened, (data as Buffer).toString('utf8'));
    });
    let fault = 'the connection ended';
    opened.on('error', (error) => {
      fault = error.message;
    });
    opened.on('close', () => {
      if (socket !== opened) return;
      // a goodbye that has come is handled first: it says whether and when to come back
      void handling.then(() => {
        if (socket !== opened) return;
        socket = null;
        if (state.state !== 'waiting') comeBack(fault);
      });
    });
  };

  let looked = Date.now();
  const watch = setInterval(() => {
    const now = Date.now();
    const hasSlept = now - looked > LOOK_EVERY_MS + SLEPT_MS;
    looked = now;
    if (!socket || heard === null) return;
    if (hasSlept) beginAgain(socket, 'this machine has slept');
    else if (now - heard > SILENT_MS) beginAgain(socket, 'the desk has been silent');
  }, LOOK_EVERY_MS);
  watch.unref();
  connect();

  return {
    state: () => state,
    heard_ms: () => heard,
    troubles: () => troubles,
    send,
    settled: () => handling,
    stop: () => {
      isStopped = true;
      state = { state: 'stopped', reason: null };
      clearTimeout(retry);
      clearInterval(watch);
      const last = socket;
      socket = null;
      last?.close();
    },
  };
};
