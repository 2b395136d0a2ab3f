import { randomUUID } from 'node:crypto';
import type { Log } from '@catalyst/service-kit';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import type { CreateMcpServer } from './mcp-server.ts';

interface Session {
  holder: string;
  transport: WebStandardStreamableHTTPServerTransport;
  server: ReturnType<CreateMcpServer>;
  subscriptions: Set<string>;
  /** URIs that changed since the last notification. */
  changed: Set<string>;
  used_at: number;
  open_streams: number;
}

interface Deps {
  createServer: CreateMcpServer;
  log: Log;
  /** Sessions at most, in all and per key; the one unused for longest makes room. */
  most?: number;
  most_per_holder?: number;
  /** A session without requests and without a stream ends after this. */
  idle_ms?: number;
  /**
   * Changes are gathered for this long, so that a burst of events is one notification per resource.
   */
  gather_ms?: number;
}

/**
 * The stateful connections: which key opened each, and what it follows. Wall time: they are about
 * clients, not about the market.
 */
export const createSessions = ({
  createServer,
  log,
  most = 200,
  most_per_holder = 50,
  idle_ms = 30 * 60_000,
  gather_ms = 50,
}: Deps) => {
  const sessions = new Map<string, Session>();
  let gathering: NodeJS.Timeout | undefined;

  const end = (id: string, why: string): void => {
    const session = sessions.get(id);
    if (!session) return;
    sessions.delete(id);
    log.info('mcp_session_ended', { holder: session.holder, why });
    void session.server
      .close()
      .catch((error: unknown) => log.warn('mcp_session_close_failed', { error }));
  };
  const makeRoom = (holder: string): void => {
    const oldest = (candidates: [string, Session][]) =>
      candidates.toSorted(([, left], [, right]) => left.used_at - right.used_at)[0]?.[0];
    const own = [...sessions].filter(([, session]) => session.holder === holder);
    const leaving =
      own.length >= most_per_holder
        ? oldest(own)
        : sessions.size >= most
          ? oldest([...sessions])
          : undefined;
    if (leaving) end(leaving, 'a newer session took its place');
  };
  const sweep = setInterval(() => {
    for (const [id, session] of sessions)
      if (session.open_streams === 0 && performance.now() - session.used_at > idle_ms)
        end(id, 'idle');
  }, 60_000).unref();

  const notifyChanged = (): void => {
    gathering = undefined;
    for (const session of sessions.values()) {
      // what was unsubscribed since is not told
      for (const uri of session.changed)
        if (session.subscriptions.has(uri))
          void session.server
            .sendResourceUpdated({ uri })
            .catch((error: unknown) => log.debug('mcp_notification_failed', { uri, error }));
      session.changed.clear();
    }
  };

  return {
    /**
     * A connection for an initialize request; it is remembered once the protocol gave it its id.
     */
    open: async (holder: string): Promise<WebStandardStreamableHTTPServerTransport> => {
      const subscriptions = new Set<string>();
      const server = createServer(holder, subscriptions);
      const transport = new WebStandardStreamableHTTPServerTransport({
        enableJsonResponse: true,
        sessionIdGenerator: () => randomUUID(),
        onsessioninitialized: (id) => {
          makeRoom(holder);
          sessions.set(id, {
            holder,
            transport,
            server,
            subscriptions,
            changed: new Set(),
            used_at: performance.now(),
            open_streams: 0,
          });
          log.info('mcp_session_opened', { holder, sessions: sessions.size });
        },
        onsessionclosed: (id) => end(id, 'ended by the client'),
      });
      await server.connect(transport);
      return transport;
    },
    /** The session, if this holder's key opened it: an id alone lets nobody in. */
    find: (id: string, holder: string): Session | undefined => {
      const session = sessions.get(id);
      if (session?.holder !== holder) return undefined;
      session.used_at = performance.now();
      return session;
    },
    /**
     * Tells every session that follows one of these resources; a URI that ends with "/" stands for
     * all below it.
     */
    announce: (uris: readonly string[]): void => {
      for (const session of sessions.values()) {
        for (const followed of session.subscriptions)
          if (
            uris.some((uri) => uri === followed || (uri.endsWith('/') && followed.startsWith(uri)))
          )
            session.changed.add(followed);
      }
      gathering ??= setTimeout(notifyChanged, gather_ms).unref();
    },
    /** Ends every session of a holder. */
    endOf: (holder: string, why: string): void => {
      for (const [id, session] of sessions) if (session.holder === holder) end(id, why);
    },
    size: () => sessions.size,
    stop: (): void => {
      clearInterval(sweep);
      clearTimeout(gathering);
      for (const id of [...sessions.keys()]) end(id, 'the service stops');
    },
  };
};
export type Sessions = ReturnType<typeof createSessions>;
