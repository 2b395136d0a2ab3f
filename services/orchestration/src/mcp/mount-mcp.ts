import { randomUUID } from 'node:crypto';
import { AppError, inContext, type Log } from '@catalyst/service-kit';
import { hostHeaderValidation, originValidation } from '@modelcontextprotocol/express';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  isInitializeRequest,
  isLegacyRequest,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import express, {
  type Express,
  type Request as HttpRequest,
  type RequestHandler,
  type Response as HttpResponse,
} from 'express';
import { createAskTogether } from '../flows/ask-together.ts';
import type { AdmitHolder, Holder } from '../flows/admit-holder.ts';
import { holderOf, toAuth } from './asker.ts';
import type { CallBudget } from './call-budget.ts';
import type { Oauth } from '../oauth/open-oauth.ts';
import type { Offer } from './offer.ts';
import { createProtocolServer } from './protocol-server.ts';
import { checkDepth, refuseMalformed, requireMessages } from './refuse-malformed.ts';
import type { Sessions } from './sessions.ts';
import { ACCEPTED, createSingleRequests, readSingle } from './single-requests.ts';
import type { OpenStreams } from './open-streams.ts';

interface Deps {
  offer: Offer;
  admitHolder: AdmitHolder;
  /** What has to be known before a request is answered; asked beside the keys' budgets. */
  lookAhead: () => Promise<void>;
  sessions: Sessions;
  streams: OpenStreams;
  budget: CallBudget;
  /** By which names this service is called; a page of any other may not speak to it. */
  allowed_hosts: readonly string[];
  log: Log;
  /** How who has no key may come by one; null where it may not. */
  oauth: Pick<Oauth, 'challenge' | 'isToken'> | null;
}

/** More streams of updates than a desk has clients. */
const MOST_LISTENING = 200;

const keyOf = (request: HttpRequest): string | undefined =>
  request.get('x-api-key') || /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '')?.[1];

/** A caller that takes anything, or JSON alone, takes what the transport insists on naming. */
const accepted = (request: HttpRequest): string => {
  const given = request.get('accept');
  return given === undefined ||
    given.includes('*/*') ||
    (request.method === 'POST' && given.includes('application/json'))
    ? ACCEPTED
    : given;
};

const refusal = (status: number, code: number, message: string): Response =>
  Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status });

const messagesOf = (body: unknown): { method?: unknown; params?: { name?: unknown } }[] =>
  [body].flat().filter((message) => typeof message === 'object' && message !== null);

/**
 * MCP over Streamable HTTP at /mcp, for both eras from one offer: sessions for who begins with
 * initialize, single requests of 2025 without one, and the stateless revision of 2026.
 */
export const mountMcp =
  ({ offer, admitHolder, lookAhead, sessions, streams, budget, allowed_hosts, log, oauth }: Deps) =>
  (app: Express): void => {
    const modern = createMcpHandler(() => createProtocolServer(offer, null), {
      legacy: 'reject',
      bus: streams.bus,
      maxSubscriptions: MOST_LISTENING,
      onerror: (error) => log.debug('mcp_protocol_error', { error }),
    });
    const single = createSingleRequests(offer);
    /** 2025's way without a session for all that is not one plain request: a server for it alone. */
    const alone = async (holder: Holder, request: Request, body: unknown): Promise<Response> => {
      const server = createProtocolServer(offer, null);
      const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
      await server.connect(transport);
      try {
        return await transport.handleRequest(request, {
          parsedBody: body,
          authInfo: toAuth(holder),
        });
      } finally {
        await server.close();
      }
    };
    const legacy = async (holder: Holder, request: Request, body: unknown): Promise<Response> => {
      const id = request.headers.get('mcp-session-id');
      if (id !== null) {
        const session = await sessions.find(id, holder);
        return session
          ? sessions.serve(session, holder, request, body)
          : refusal(404, -32001, 'Session not found: begin again with initialize');
      }
      if (request.method !== 'POST') {
        const refused = refusal(405, -32000, `${request.method} needs an mcp-session-id`);
        refused.headers.set('allow', 'POST');
        return refused;
      }
      return messagesOf(body).some((message) => isInitializeRequest(message))
        ? sessions.begin(holder, request, body)
        : alone(holder, request, body);
    };
    const handle = toNodeHandler({
      fetch: async (request, options) => {
        const holder = holderOf(options?.authInfo);
        const body = options?.parsedBody;
        const isLegacy = await isLegacyRequest(request, body);
        const serve = (open: Request) =>
          isLegacy ? legacy(holder, open, body) : modern.fetch(open, options);
        return streams.hold(holder, request, body, serve);
      },
    });

    const admit = async (request: HttpRequest, response: HttpResponse): Promise<void> => {
      const key = keyOf(request);
      if (!key) {
        oauth?.challenge(response, undefined);
        throw new AppError('MISSING_KEY', 'send your MCP key as X-API-Key, or as a Bearer token');
      }
      try {
        response.locals.holder = await admitHolder.admit(key);
      } catch (error) {
        if (
          error instanceof AppError &&
          error.code === 'WRONG_KEY' &&
          oauth?.isToken(request, key)
        ) {
          oauth.challenge(response, key);
          throw new AppError(
            'TOKEN_ENDED',
            'this access token is over or was revoked: refresh it, or ask to be let in again',
          );
        }
        if (error instanceof AppError && error.code === 'WRONG_KEY')
          log.warn('mcp_wrong_key', { address: request.ip, why: error.message });
        throw error;
      }
    };
    const admitted: RequestHandler = (request, response, next) => {
      admit(request, response).then(() => next(), next);
    };
    /** No budget keeps anybody from a stop. */
    const isStop = (body: unknown): boolean => {
      const messages = messagesOf(body);
      return (
        messages.length > 0 &&
        messages.every(
          ({ method, params }) => method === 'tools/call' && offer.isStop(String(params?.name)),
        )
      );
    };
    const ask = async (asked: Parameters<CallBudget['count']>[0]) => {
      const [counted] = await Promise.all([budget.count(asked), lookAhead()]);
      return counted;
    };
    const askTogether = createAskTogether(ask);
    const budgeted: RequestHandler = (request, response, next) => {
      const { holder } = response.locals as { holder: Holder };
      const isFree = isStop(request.body);
      const requests = Math.max(1, messagesOf(request.body).length);
      const asked = { key_id: holder.key_id, requests };
      // a stop waits for nobody's question but its own
      (isFree ? ask([asked]).then(([counted]) => counted!) : askTogether(asked))
        .then((counted) => budget.tell(counted, response))
        .then(
          () => next(),
          (error: unknown) => (isFree ? next() : next(error)),
        );
    };
    const route: RequestHandler = (request, response, next) => {
      const { holder } = response.locals as { holder: Holder };
      request.headers.accept = accepted(request);
      inContext(
        {
          request_id: request.get('x-request-id')?.slice(0, 100) ?? randomUUID(),
          caller: `mcp:${holder.name}`,
        },
        () => {
          const plain = readSingle(request);
          if (plain !== null) {
            single(holder, plain).then((text) => {
              response
                .writeHead(200, {
                  'content-type': 'application/json',
                  'content-length': Buffer.byteLength(text),
                })
                .end(text);
            }, next);
            return;
          }
          const body: unknown = request.method === 'POST' ? request.body : undefined;
          handle(Object.assign(request, { auth: toAuth(holder) }), response, body).catch(next);
        },
      );
    };
    app.all(
      '/mcp',
      hostHeaderValidation([...allowed_hosts]),
      originValidation([...allowed_hosts]),
      admitted,
      express.json({ limit: '1mb', strict: true, inflate: false, verify: checkDepth }),
      requireMessages,
      budgeted,
      route,
    );
    app.use('/mcp', refuseMalformed);
  };
