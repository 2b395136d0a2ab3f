import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { AppError, inContext, type Log } from '@catalyst/service-kit';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import express, {
  type Express,
  type Request as HttpRequest,
  type RequestHandler,
  type Response as HttpResponse,
} from 'express';
import type { AdmitHolder } from './flows/admit-holder.ts';
import type { CreateMcpServer } from './mcp-server.ts';
import type { Sessions } from './sessions.ts';

interface Deps {
  admitHolder: AdmitHolder;
  sessions: Sessions;
  createServer: CreateMcpServer;
  log: Log;
}

const PASSED_ON = [
  'content-type',
  'mcp-session-id',
  'mcp-protocol-version',
  'last-event-id',
] as const;

const keyOf = (request: HttpRequest): string | undefined =>
  request.get('x-api-key') || /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '')?.[1];

/** A page of another site may not speak to the desk through its visitor's browser. */
const checkOrigin = (request: HttpRequest): void => {
  const origin = request.get('origin');
  if (
    origin !== undefined &&
    (!URL.canParse(origin) || new URL(origin).host !== request.get('host'))
  )
    throw new AppError('SCOPE_NOT_GRANTED', 'requests from the page of another site are not taken');
};

/**
 * The transport takes the Accept header at its word; a caller that takes anything takes JSON too.
 */
const accepted = (request: HttpRequest): string => {
  const given = request.get('accept');
  return given === undefined ||
    given.includes('*/*') ||
    (request.method === 'POST' && given.includes('application/json'))
    ? 'application/json, text/event-stream'
    : given;
};

const toWebRequest = (request: HttpRequest): Request => {
  const headers = new Headers({ accept: accepted(request) });
  for (const name of PASSED_ON) {
    const value = request.get(name);
    if (value !== undefined) headers.set(name, value);
  }
  return new Request(`http://catalyst.invalid${request.originalUrl}`, {
    method: request.method,
    headers,
  });
};

const answer = async (web: Response, response: HttpResponse): Promise<void> => {
  response.status(web.status);
  web.headers.forEach((value, name) => response.setHeader(name, value));
  if (!web.body) return void response.end();
  if (!web.headers.get('content-type')?.startsWith('text/event-stream'))
    return void response.end(Buffer.from(await web.arrayBuffer()));
  response.flushHeaders();
  // ends when either side leaves, which is no failure
  await pipeline(Readable.fromWeb(web.body as NodeReadableStream), response).catch(() => undefined);
};

const protocolError = (response: HttpResponse, status: number, message: string): void => {
  response
    .status(status)
    .json({ jsonrpc: '2.0', error: { code: status === 404 ? -32001 : -32000, message }, id: null });
};

/**
 * MCP over Streamable HTTP at /mcp: sessions for who begins with initialize, single requests for
 * who does not.
 */
export const mountMcp =
  ({ admitHolder, sessions, createServer, log }: Deps) =>
  (app: Express): void => {
    const authenticate = async (request: HttpRequest, response: HttpResponse): Promise<void> => {
      checkOrigin(request);
      const key = keyOf(request);
      if (!key)
        throw new AppError('MISSING_KEY', 'send your MCP key as X-API-Key, or as a Bearer token');
      try {
        response.locals.holder = (await admitHolder.admit(key)).name;
      } catch (error) {
        if (error instanceof AppError && error.code === 'WRONG_KEY')
          log.warn('mcp_wrong_key', { address: request.ip, why: error.message });
        throw error;
      }
    };

    const single = async (
      request: HttpRequest,
      response: HttpResponse,
      holder: string,
    ): Promise<void> => {
      const server = createServer(holder, null);
      const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
      await server.connect(transport);
      // who left will not take the answer, and the protocol's side need not wait for it
      response.on(
        'close',
        () =>
          void server.close().catch((error: unknown) => log.warn('mcp_close_failed', { error })),
      );
      await answer(
        await transport.handleRequest(toWebRequest(request), { parsedBody: request.body }),
        response,
      );
    };

    const handle = async (request: HttpRequest, response: HttpResponse): Promise<void> => {
      const holder = response.locals.holder as string;
      const id = request.get('mcp-session-id');
      if (id !== undefined) {
        const session = sessions.find(id, holder);
        if (!session)
          return protocolError(response, 404, 'Session not found: begin again with initialize');
        const isStream = request.method === 'GET';
        if (isStream) session.open_streams += 1;
        try {
          return await answer(
            await session.transport.handleRequest(toWebRequest(request), {
              parsedBody: request.body,
            }),
            response,
          );
        } finally {
          if (isStream) session.open_streams -= 1;
        }
      }
      if (request.method !== 'POST') {
        response.setHeader('allow', 'POST');
        return protocolError(
          response,
          405,
          `${request.method} needs the mcp-session-id of a session`,
        );
      }
      const messages: unknown[] = Array.isArray(request.body) ? request.body : [request.body];
      if (!messages.some((message) => isInitializeRequest(message)))
        return single(request, response, holder);
      const transport = await sessions.open(holder);
      await answer(
        await transport.handleRequest(toWebRequest(request), { parsedBody: request.body }),
        response,
      );
      if (transport.sessionId === undefined) await transport.close();
    };

    const route: RequestHandler = (request, response, next) => {
      inContext(
        {
          request_id: request.get('x-request-id')?.slice(0, 100) ?? randomUUID(),
          caller: `mcp:${response.locals.holder as string}`,
        },
        () => {
          handle(request, response).catch(next);
        },
      );
    };
    const admitted: RequestHandler = (request, response, next) => {
      authenticate(request, response).then(() => next(), next);
    };
    app.all('/mcp', admitted, express.json({ limit: '1mb', strict: true }), route);
  };
