import { inContext } from '@catalyst/service-kit';
import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type CacheHint,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { holderOf } from './asker.ts';
import { ExplainingServer } from './explaining-server.ts';
import type { Asked, Offer } from './offer.ts';

/** What a session follows, wherever its next request arrives. */
export interface Followed {
  size(): number;
  has(uri: string): boolean;
  add(uri: string): Promise<void>;
  delete(uri: string): Promise<void>;
}

/** More than any client follows at once; a bound on what one session may make us remember. */
const MOST_FOLLOWED = 200;

/** What is offered depends on the key and changes with a new version only; what is read, always. */
const LISTS: CacheHint = { ttlMs: 60_000, cacheScope: 'private' };
const CACHE_HINTS = {
  'tools/list': LISTS,
  'prompts/list': LISTS,
  'resources/list': LISTS,
  'resources/templates/list': LISTS,
  'server/discover': LISTS,
  'resources/read': { ttlMs: 0, cacheScope: 'private' },
} as const;

/** Every list is one page, so that a cursor can only be another server's. */
const refuseCursor = (params: { cursor?: string } | undefined): void => {
  if (params?.cursor !== undefined)
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      'this list is one page and gives out no cursor: leave cursor out',
    );
};

/**
 * The protocol's side of one connection or of one request. Who asks is told with each request: a
 * session goes on with another token of its grant, which may less. Without `followed` there is no
 * stream to send updates on, and following is refused. With `passes_calls` what a call is answered
 * is sent as the offer made it, not read by the protocol's schemas again.
 */
export const createProtocolServer = (
  offer: Offer,
  followed: Followed | null,
  passes_calls = false,
): Server => {
  const server = new ExplainingServer(passes_calls, offer.info, {
    capabilities: {
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { subscribe: true, listChanged: true },
      logging: {},
      completions: {},
    },
    instructions: offer.instructions,
    cacheHints: CACHE_HINTS,
  });
  const askerOf = ({ http }: ServerContext) => holderOf(http?.authInfo);
  const as = <T>(context: ServerContext, work: (asked: Asked) => Promise<T>): Promise<T> => {
    const holder = askerOf(context);
    return inContext({ caller: `mcp:${holder.name}` }, () => work({ holder, context }));
  };

  server.setRequestHandler('tools/list', ({ params }, context) => {
    refuseCursor(params);
    return { tools: offer.listTools(askerOf(context)) };
  });
  server.setRequestHandler('tools/call', ({ params }, context) =>
    as(context, (asked) => offer.callTool(params, asked)),
  );
  server.setRequestHandler('resources/list', ({ params }, context) => {
    refuseCursor(params);
    return { resources: offer.listResources(askerOf(context)) };
  });
  server.setRequestHandler('resources/templates/list', ({ params }, context) => {
    refuseCursor(params);
    return { resourceTemplates: offer.listTemplates(askerOf(context)) };
  });
  server.setRequestHandler('resources/read', ({ params }, context) =>
    as(context, (asked) => offer.readResource(params.uri, asked)),
  );
  server.setRequestHandler('prompts/list', ({ params }, context) => {
    refuseCursor(params);
    return { prompts: offer.listPrompts(askerOf(context)) };
  });
  server.setRequestHandler('prompts/get', ({ params }, context) =>
    as(context, (asked) => offer.getPrompt(params, asked)),
  );
  server.setRequestHandler('completion/complete', ({ params }, context) =>
    as(context, (asked) => offer.complete(params, asked)),
  );
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
    if (!offer.isResource(uri)) throw new ResourceNotFoundError(uri);
    if (!followed)
      throw new ProtocolError(
        ProtocolErrorCode.InvalidRequest,
        'a single request has no stream for updates: begin a session with initialize, or use subscriptions/listen',
      );
    if (followed.size() >= MOST_FOLLOWED && !followed.has(uri))
      throw new ProtocolError(
        ProtocolErrorCode.InvalidRequest,
        `a session follows ${MOST_FOLLOWED} resources at most: unsubscribe from one first`,
      );
    await followed.add(uri);
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', async ({ params: { uri } }) => {
    await followed?.delete(uri);
    return {};
  });
  return server;
};
