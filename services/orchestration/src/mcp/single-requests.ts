import {
  isJSONRPCRequest,
  SUPPORTED_PROTOCOL_VERSIONS,
  type JSONRPCRequest,
  type JSONRPCResponse,
  type Transport,
} from '@modelcontextprotocol/server';
import type { Request as HttpRequest } from 'express';
import type { Holder } from '../flows/admit-holder.ts';
import { textOf } from '../flows/result-text.ts';
import { toAuth } from './asker.ts';
import type { Offer } from './offer.ts';
import { createProtocolServer } from './protocol-server.ts';

/** What is answered and leaves nothing behind at the server: neither a client's level of the log nor its name. */
const STATELESS: ReadonlySet<string> = new Set([
  'ping',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'prompts/list',
  'prompts/get',
  'completion/complete',
]);
/** What a client says that takes both ways of an answer, or that takes anything. */
export const ACCEPTED = 'application/json, text/event-stream';
/** By these a request says that it is of 2026's revision, or of a session. */
const OF_ANOTHER_KIND = ['mcp-session-id', 'mcp-method', 'mcp-name'] as const;
const REVISION = 'io.modelcontextprotocol/';

/**
 * The request of 2025's era in a body, where it stands alone and outside any session; null for all
 * else, which the package's own transports read and refuse.
 */
export const readSingle = (request: HttpRequest): JSONRPCRequest | null => {
  const body: unknown = request.body;
  const version = request.get('mcp-protocol-version');
  if (
    request.method !== 'POST' ||
    !request.is('application/json') ||
    request.headers.accept !== ACCEPTED ||
    OF_ANOTHER_KIND.some((name) => request.headers[name] !== undefined) ||
    (version !== undefined && !SUPPORTED_PROTOCOL_VERSIONS.includes(version)) ||
    !STATELESS.has((body as { method?: string }).method ?? '') ||
    !isJSONRPCRequest(body)
  )
    return null;
  const isModern = Object.keys(body.params?._meta ?? {}).some((key) => key.startsWith(REVISION));
  return isModern ? null : body;
};

/**
 * Answers requests that stand alone, all by one server, which keeps nothing between them: a server
 * and a transport for each, with requests and answers of the web's kind, cost more than most reads.
 */
export const createSingleRequests = (offer: Offer) => {
  const waiting = new Map<string | number, (answer: JSONRPCResponse) => void>();
  const transport: Transport = {
    start: async () => {},
    close: async () => {},
    // an answer in JSON has no room for notifications
    send: async (message) => {
      if ('method' in message) return;
      waiting.get(message.id!)?.(message);
      waiting.delete(message.id!);
    },
  };
  const connected = createProtocolServer(offer, null, true).connect(transport);
  let sequence = 0;
  /** @returns the answer as it is sent */
  return async (holder: Holder, request: JSONRPCRequest): Promise<string> => {
    await connected;
    // clients count from the same numbers
    sequence += 1;
    const id = sequence;
    return new Promise((resolve) => {
      waiting.set(id, (answer) =>
        resolve(
          'result' in answer
            ? `{"result":${textOf(answer.result)},"jsonrpc":"2.0","id":${JSON.stringify(request.id)}}`
            : JSON.stringify({ ...answer, id: request.id }),
        ),
      );
      transport.onmessage!({ ...request, id }, { authInfo: toAuth(holder) });
    });
  };
};
