import { randomUUID } from 'node:crypto';
import { VERSION, type Log } from '@catalyst/service-kit';
import {
  isInitializeRequest,
  isJSONRPCNotification,
  WebStandardStreamableHTTPServerTransport,
  type JSONRPCNotification,
  type RequestId,
  type Server,
} from '@modelcontextprotocol/server';
import type { Holder } from '../flows/admit-holder.ts';
import { toAuth } from './asker.ts';
import { endStreamOf } from './end-stream.ts';
import type { Offer } from './offer.ts';
import { createProtocolServer } from './protocol-server.ts';
import { sayAgain } from './say-again.ts';
import type { SessionRecord, SharedState } from './shared-state.ts';

interface Session {
  /** As it asked last: another token of the same grant may less. */
  holder: Holder;
  transport: WebStandardStreamableHTTPServerTransport;
  server: Server;
  followed: Set<string>;
  /** Its client still has the lists of another version, or of other scopes. */
  has_old_lists: boolean;
  used_at: number;
  /** When it was last certain that no other copy ended it. */
  sure_at: number;
  open_streams: number;
}

interface Deps {
  offer: Offer;
  shared: SharedState;
  log: Log;
  /** Sessions of this copy at most, in all and per key; one without a stream makes room first. */
  most?: number;
  most_per_holder?: number;
  /** A session without requests and without a stream ends after this. */
  idle_ms: number;
  /** Changes are gathered for this long: a burst of events is one notification per resource. */
  gather_ms?: number;
}

type Initialize = SessionRecord['initialize'];

/** How long a session is believed to go on without asking whether another copy ended it. */
const SURE_FOR_MS = 1000;
/** How soon a client whose stream broke comes back. */
const RETRY_MS = 1000;

const isCancellation = (message: unknown): message is JSONRPCNotification =>
  (message as { method?: unknown } | undefined)?.method === 'notifications/cancelled' &&
  isJSONRPCNotification(message);

const scopesOf = ({ scopes }: Holder): string => [...scopes].toSorted().join(' ');

const announces = (uris: readonly string[], followed: string): boolean =>
  uris.some((uri) => uri === followed || (uri.endsWith('/') && followed.startsWith(uri)));

/**
 * The sessions of 2025's clients: which key opened each, and what it follows. Any copy goes on with
 * any session. Wall time: they are about clients, not about the market.
 */
export const createSessions = ({
  offer,
  shared,
  log,
  most = 200,
  most_per_holder = 50,
  idle_ms,
  gather_ms = 50,
}: Deps) => {
  const sessions = new Map<string, Session>();
  const changed = new Set<string>();
  let gathering: NodeJS.Timeout | undefined;

  shared.onCancelled((id, notification) => {
    const transport = sessions.get(id)?.transport;
    if (!transport) return;
    transport.onmessage?.(notification);
    const { requestId } = notification.params ?? {};
    const ended = endStreamOf(transport, requestId as RequestId);
    if (ended !== null) void shared.endStream(id, ended);
  });

  const leave = (id: string, why: string): void => {
    const session = sessions.get(id);
    if (!session) return;
    sessions.delete(id);
    log.info('mcp_session_ended', { holder: session.holder.name, why });
    void session.server
      .close()
      .catch((error: unknown) => log.warn('mcp_session_close_failed', { error }));
  };
  const end = (id: string, why: string): void => {
    shared.forget(id);
    leave(id, why);
  };
  const makeRoom = (name: string): void => {
    const ofHolder = [...sessions].filter(([, { holder }]) => holder.name === name);
    const crowd =
      ofHolder.length >= most_per_holder ? ofHolder : sessions.size >= most ? [...sessions] : [];
    const [leaving] = crowd.toSorted(
      ([, left], [, right]) =>
        Math.min(left.open_streams, 1) - Math.min(right.open_streams, 1) ||
        left.used_at - right.used_at,
    );
    if (leaving) end(leaving[0], 'a newer session took its place');
  };
  const sweep = setInterval(() => {
    for (const [id, session] of sessions)
      if (session.open_streams === 0 && performance.now() - session.used_at > idle_ms)
        leave(id, 'idle');
  }, 60_000).unref();

  const remember = (id: string, holder: Holder, initialize: Initialize): Promise<void> =>
    shared.save(id, {
      holder: holder.name,
      key_id: holder.key_id,
      scopes: scopesOf(holder),
      initialize,
      version: VERSION,
    });

  /** A transport of this copy, for a session that begins or that another copy began. */
  const create = async (holder: Holder, id: string, initialize: Initialize): Promise<Session> => {
    const followed = new Set<string>();
    const server = createProtocolServer(offer, {
      size: () => followed.size,
      has: (uri) => followed.has(uri),
      add: async (uri) => {
        followed.add(uri);
        await shared.follow(id, uri);
      },
      delete: async (uri) => {
        followed.delete(uri);
        await shared.unfollow(id, uri);
      },
    });
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      eventStore: shared.eventsOf(() => id),
      retryInterval: RETRY_MS,
      onsessioninitialized: () => {
        makeRoom(holder.name);
        sessions.set(id, session);
      },
      onsessionclosed: () => end(id, 'ended by the client'),
    });
    const session: Session = {
      holder,
      transport,
      server,
      followed,
      has_old_lists: false,
      used_at: performance.now(),
      sure_at: performance.now(),
      open_streams: 0,
    };
    server.onerror = (error) => log.debug('mcp_protocol_error', { error });
    await server.connect(transport);
    await remember(id, holder, initialize);
    return session;
  };

  /** Says a client's first words again to this copy, and throws the answer away. */
  const takeUp = async (holder: Holder, id: string, record: SessionRecord): Promise<Session> => {
    const session = await create(holder, id, record.initialize);
    await sayAgain(session.transport, id, record.initialize);
    const [followed = []] = (await shared.followedBy([id])) ?? [];
    for (const uri of followed) session.followed.add(uri);
    session.has_old_lists = record.version !== VERSION || record.scopes !== scopesOf(holder);
    log.info('mcp_session_taken_up', { holder: holder.name, sessions: sessions.size });
    return session;
  };
  const taking = new Map<string, Promise<Session | undefined>>();
  const takeUpOnce = (holder: Holder, id: string): Promise<Session | undefined> => {
    const under_way = taking.get(id);
    if (under_way) return under_way;
    const taken = shared
      .find(id)
      .then((record) => (record?.key_id === holder.key_id ? takeUp(holder, id, record) : undefined))
      .finally(() => taking.delete(id));
    taking.set(id, taken);
    return taken;
  };

  const tellLists = async (session: Session): Promise<void> => {
    session.has_old_lists = false;
    await session.server.sendToolListChanged();
    await session.server.sendPromptListChanged();
    await session.server.sendResourceListChanged();
  };

  const notifyChanged = async (): Promise<void> => {
    gathering = undefined;
    const uris = [...changed];
    changed.clear();
    const open = [...sessions];
    const followed = await shared.followedBy(open.map(([id]) => id));
    for (const [index, [, { server, followed: own }]] of open.entries())
      for (const uri of followed?.[index] ?? own)
        if (announces(uris, uri))
          void server
            .sendResourceUpdated({ uri })
            .catch((error: unknown) => log.debug('mcp_notification_failed', { uri, error }));
  };

  return {
    /** Answers the request with which a session begins. */
    begin: async (holder: Holder, request: Request, body: unknown): Promise<Response> => {
      const initialize = [body].flat().find((message) => isInitializeRequest(message));
      const id = randomUUID();
      const { transport, server } = await create(holder, id, initialize as Initialize);
      const answer = await transport.handleRequest(request, {
        parsedBody: body,
        authInfo: toAuth(holder),
      });
      if (sessions.has(id))
        log.info('mcp_session_opened', { holder: holder.name, sessions: sessions.size });
      else {
        shared.forget(id);
        await server.close();
      }
      return answer;
    },
    /** The session, if this holder's key opened it: an id alone lets nobody in. */
    find: async (id: string, holder: Holder): Promise<Session | undefined> => {
      const session = sessions.get(id);
      if (session && session.holder.key_id !== holder.key_id) return undefined;
      if (!session) return takeUpOnce(holder, id);
      session.used_at = performance.now();
      if (session.used_at - session.sure_at < SURE_FOR_MS) return session;
      session.sure_at = session.used_at;
      if (await shared.renew(id)) return session;
      leave(id, 'ended at another copy');
      return undefined;
    },
    /** Answers one more request of a session; its stream of updates is counted while it is open. */
    serve: async (
      session: Session,
      holder: Holder,
      request: Request,
      body: unknown,
    ): Promise<Response> => {
      const { transport } = session;
      // by the rules of these streams 204 is what ends the coming back
      const heard = request.method === 'GET' ? request.headers.get('last-event-id') : null;
      if (heard !== null && (await shared.isEnded(transport.sessionId!, heard)))
        return new Response(null, { status: 204 });
      if (scopesOf(session.holder) !== scopesOf(holder)) session.has_old_lists = true;
      session.holder = holder;
      for (const message of [body].flat())
        if (isCancellation(message)) shared.cancel(transport.sessionId!, message);
      const answer = await transport.handleRequest(request, {
        parsedBody: body,
        authInfo: toAuth(holder),
      });
      if (request.method === 'GET' && answer.ok) {
        session.open_streams += 1;
        request.signal.addEventListener('abort', () => (session.open_streams -= 1), { once: true });
      }
      if (session.has_old_lists && session.open_streams > 0) await tellLists(session);
      return answer;
    },
    /**
     * Tells every session that follows one of these resources; a URI that ends with "/" stands for
     * all below it.
     */
    announce: (uris: readonly string[]): void => {
      for (const uri of uris) changed.add(uri);
      gathering ??= setTimeout(() => void notifyChanged(), gather_ms).unref();
    },
    /** Ends every session of a key. */
    endOf: (key_id: string, why: string): void => {
      for (const [id, { holder }] of sessions) if (holder.key_id === key_id) end(id, why);
    },
    size: () => sessions.size,
    /** Leaves its sessions to the other copies. */
    stop: (): void => {
      clearInterval(sweep);
      clearTimeout(gathering);
      for (const id of [...sessions.keys()]) leave(id, 'the service stops');
    },
  };
};
export type Sessions = ReturnType<typeof createSessions>;
