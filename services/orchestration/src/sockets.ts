import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  clientFrame,
  clientFrames,
  SIGNAL_STREAM_PATH,
  streamLimits,
  type GoodbyeReason,
  type StreamErrorCode,
} from '@catalyst/contracts';
import { describeIssues, messageOf, type Log } from '@catalyst/service-kit';
import { WebSocketServer, type WebSocket } from 'ws';
import { createActOnFrame } from './act-on-frame.ts';
import type { SharedCounters } from './adapters/shared-counters.ts';
import { frameText } from './domain/frame-text.ts';
import type { AdmitClient } from './flows/admit-client.ts';
import type { FollowSignals } from './flows/follow-signals.ts';
import type { RecordSessions } from './flows/record-sessions.ts';
import type { WatchClients } from './flows/watch-clients.ts';
import type { Services } from './services.ts';
import { DEPLOY, type SignalFanOut } from './signal-fan-out.ts';
import { addressOf, credentialOf, refusedHost, refuseUpgrade } from './signal-request.ts';
import { createSignalSession, type SignalSession } from './signal-session.ts';

interface Deps {
  admitClient: AdmitClient;
  counters: SharedCounters;
  follow: FollowSignals;
  fanOut: SignalFanOut;
  record: RecordSessions;
  watch: WatchClients;
  workflow: Pick<Services['workflow'], 'takeFeedback'>;
  log: Log;
  now(): string;
  /** Each connection that the desk ends. */
  ended(reason: GoodbyeReason): void;
}

/** Frames over the limit that are answered before the connection ends. */
const MOST_EXCESS = 40;
/** Whose keys are looked up at a time. */
const ENTER_AT_ONCE = 4;
/** Beyond it the library closes by itself; up to it the client is told first. */
const LIBRARY_PAYLOAD = streamLimits.frame_bytes * 8;

/** The stream of signals at /ws/signals: who may open one, and what its frames do. */
export const createSignalSockets = (deps: Deps) => {
  const { admitClient, counters, follow, fanOut, record, watch, log, now, ended } = deps;
  const act = createActOnFrame(deps);
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LIBRARY_PAYLOAD,
    clientTracking: true,
  });

  /** How those are told goodbye who have not come in yet. */
  const waiting = new Map<WebSocket, () => void>();

  /** Many who come at once are let in a few at a time, so that signals go out between them. */
  const comers: (() => void)[] = [];
  let entering = 0;
  const inLine = async (): Promise<() => void> => {
    if (entering < ENTER_AT_ONCE) entering += 1;
    else await new Promise<void>((resolve) => comers.push(resolve));
    return () => {
      const next = comers.shift();
      if (next) setImmediate(next);
      else entering -= 1;
    };
  };

  const tell = (raw: Duplex, code: StreamErrorCode, message: string): void =>
    void raw.write(frameText(JSON.stringify({ type: 'error', code, message })));

  /** A newer session of a key takes the place of the older one, here and at the other copies. */
  const endOlder = (client_id: string, isOlder: (session: SignalSession) => boolean): void => {
    for (const session of fanOut.of(client_id))
      if (session.isAlone && isOlder(session))
        session.end('replaced', 'the same key was used for another connection');
  };
  const replaceOlder = (client_id: string, claim: number): void =>
    endOlder(client_id, (session) => session.claim !== null && session.claim < claim);

  const welcome = async (session: SignalSession): Promise<void> => {
    const { client_id, name, scope, configuration } = session.client;
    fanOut.enter(session);
    if (session.isAlone) {
      endOlder(client_id, (other) => other !== session);
      session.claim = await counters.claim(client_id).catch((error: unknown) => {
        log.warn('session_not_shared', { reason: messageOf(error) });
        return null;
      });
    }
    record.happened(client_id, 'connected', { session_id: session.receiver.session_id });
    record.seen(client_id);
    session.send({
      type: 'welcome',
      client_id,
      name,
      scope,
      seq: follow.head(),
      log_id: follow.logId(),
      server_time: now(),
      limits: { ...streamLimits },
      configuration,
    });
  };

  const accept = (socket: WebSocket, raw: Socket, request: IncomingMessage): void => {
    let session: SignalSession | null = null;
    let admitting: Promise<void> | null = null;
    let left = streamLimits.messages_per_second as number;
    let excess = 0;
    let refilled_at = performance.now();

    const leaveUnknown = (reason: GoodbyeReason, message: string): void => {
      // a session of nobody, to say goodbye with the same words
      const nobody = createSignalSession(
        socket,
        raw,
        { configuration: { flags: {} } } as never,
        ended,
      );
      nobody.end(reason, message);
    };
    waiting.set(socket, () => {
      if (socket.readyState === socket.OPEN) leaveUnknown('deploy', DEPLOY);
    });
    const timer = setTimeout(
      () =>
        leaveUnknown('auth_timeout', `no auth frame came within ${streamLimits.auth_within_s} s`),
      streamLimits.auth_within_s * 1000,
    ).unref();

    const authenticate = async (credential: string): Promise<void> => {
      // it has shown its key: that the desk looks it up slowly is no fault of the client's
      clearTimeout(timer);
      const leaveLine = await inLine();
      try {
        if (socket.readyState !== socket.OPEN) return;
        const [change] = await Promise.all([watch.begin(), follow.ready()]);
        const admitted = await admitClient.admit(credential, addressOf(request));
        if (socket.readyState !== socket.OPEN) return;
        if (!admitted.client) {
          log.warn('signal_key_refused', { code: admitted.refused, address: addressOf(request) });
          tell(raw, admitted.refused, admitted.message);
          return leaveUnknown('auth_refused', admitted.message);
        }
        session = createSignalSession(socket, raw, admitted.client, ended);
        waiting.delete(socket);
        await welcome(session);
        await watch.check(session, change);
      } catch (error) {
        log.warn('signal_client_not_admitted', { reason: messageOf(error) });
        tell(raw, 'TRY_AGAIN', 'the desk cannot look the key up at the moment');
        leaveUnknown('lagging_copy', 'the desk cannot look the key up at the moment');
      } finally {
        leaveLine();
      }
    };

    /** True where a message is within its share of a second. */
    const spend = (): boolean => {
      const at = performance.now();
      const rate = streamLimits.messages_per_second;
      left = Math.min(rate, left + ((at - refilled_at) / 1000) * rate);
      refilled_at = at;
      if (left < 1) return false;
      left -= 1;
      excess = 0;
      return true;
    };
    const end = (
      reason: 'binary_frame' | 'frame_too_large' | 'too_many_messages',
      message: string,
    ): void => (session ? session.end(reason, message) : leaveUnknown(reason, message));
    const fault = (code: StreamErrorCode, message: string): void => tell(raw, code, message);

    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (socket.readyState !== socket.OPEN) return;
      if (session) {
        session.heard_at = performance.now();
        if (session.state === 'ended') return;
      }
      if (!spend()) {
        excess += 1;
        if (excess > MOST_EXCESS)
          return end(
            'too_many_messages',
            `more than ${streamLimits.messages_per_second} messages a second`,
          );
        return fault(
          'TOO_MANY_MESSAGES',
          `at most ${streamLimits.messages_per_second} messages a second are read; this one was not`,
        );
      }
      if (isBinary) {
        fault('BINARY_FRAME', 'frames are JSON text');
        return end('binary_frame', 'frames are JSON text');
      }
      if (data.length > streamLimits.frame_bytes)
        return end(
          'frame_too_large',
          `a frame has at most ${streamLimits.frame_bytes} bytes, was ${data.length}`,
        );
      let given: unknown;
      try {
        given = JSON.parse(data.toString('utf8'));
      } catch {
        return fault('NOT_JSON', 'a frame is one JSON object with a type');
      }
      const read = clientFrame.safeParse(given);
      if (!read.success) {
        const type = (given as { type?: unknown } | null)?.type;
        return typeof type === 'string' && Object.hasOwn(clientFrames, type)
          ? fault('INVALID_FRAME', describeIssues(type, read.error.issues))
          : fault(
              'UNKNOWN_TYPE',
              `a frame has a type: one of ${Object.keys(clientFrames).join(', ')}`,
            );
      }
      if (session)
        return void act(session, read.data).catch((error: unknown) =>
          log.error('signal_frame_failed', { error }),
        );
      if (read.data.type !== 'auth') return fault('NOT_AUTHENTICATED', 'send an auth frame first');
      admitting ??= authenticate(read.data.key);
    });
    socket.on('pong', () => {
      if (session) session.heard_at = performance.now();
    });
    socket.on('error', (error) => log.debug('signal_socket_failed', { reason: messageOf(error) }));
    socket.on('close', (code) => {
      clearTimeout(timer);
      waiting.delete(socket);
      if (!session) return;
      fanOut.leave(session);
      record.happened(session.client.client_id, 'disconnected', {
        session_id: session.receiver.session_id,
        code,
        told: session.told,
      });
    });
    const credential = credentialOf(request);
    if (credential !== undefined) admitting = authenticate(credential);
  };

  return {
    /** Takes an HTTP upgrade; false where it is for somebody else. */
    upgrade: (request: IncomingMessage, raw: Duplex, head: Buffer): boolean => {
      if (request.url?.split('?')[0] !== SIGNAL_STREAM_PATH) return false;
      const refused = refusedHost(request);
      if (refused) {
        refuseUpgrade(raw, '403 Forbidden', refused);
        return true;
      }
      counters
        .connections(addressOf(request))
        .then(({ isWithin, limit, reset_s }) => {
          if (isWithin)
            return server.handleUpgrade(request, raw, head, (socket) =>
              accept(socket, request.socket, request),
            );
          return refuseUpgrade(
            raw,
            '429 Too Many Requests',
            `at most ${limit} connections in 5 minutes from an address: come back in ${reset_s} s`,
          );
        })
        .catch((error: unknown) => {
          log.error('signal_upgrade_failed', { error });
          raw.destroy();
        });
      return true;
    },
    replaceOlder,
    /** Waits until everybody has left, or is cut off. */
    stop: async (): Promise<void> => {
      fanOut.stop();
      for (const leave of waiting.values()) leave();
      const until = performance.now() + 3000;
      while (server.clients.size > 0 && performance.now() < until)
        await new Promise((resolve) => setTimeout(resolve, 20));
      for (const socket of server.clients) socket.terminate();
    },
  };
};
