import { AppError } from '@catalyst/service-kit';
import type { ErrorRequestHandler, RequestHandler } from 'express';

/** Deeper than any message of the protocol; a parser and a schema that recurse go no deeper. */
const MOST_LEVELS = 64;
const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

class TooDeep extends Error {
  override name = 'TooDeep';
}

/** Looks through the bytes of a body before it is parsed. */
export const checkDepth = (_request: unknown, _response: unknown, body: Buffer): void => {
  let level = 0;
  let isText = false;
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index]!;
    if (isText) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (OPENING.has(byte)) {
      level += 1;
      if (level > MOST_LEVELS) throw new TooDeep();
    } else if (CLOSING.has(byte)) level -= 1;
  }
};

const isMessage = (message: unknown): boolean => {
  if (typeof message !== 'object' || message === null) return false;
  const { jsonrpc, id, method, result, error } = message as Record<string, unknown>;
  return (
    jsonrpc === '2.0' &&
    (id === undefined || typeof id === 'string' || Number.isSafeInteger(id)) &&
    (typeof method === 'string' || (id !== undefined && (result ?? error) !== undefined))
  );
};

/** Lets messages of the protocol pass, in a batch too, and says of others what they are not. */
export const requireMessages: RequestHandler = (request, response, next) => {
  const body: unknown = request.body;
  if (request.method !== 'POST' || !request.is('application/json')) return next();
  const messages: unknown[] = Array.isArray(body) ? body : [body];
  if (messages.length > 0 && messages.every(isMessage)) return next();
  const message =
    'Invalid Request: expected {"jsonrpc":"2.0","id":1,"method":"…","params":{…}}, with a text or whole number as id';
  response.status(400).json({ jsonrpc: '2.0', error: { code: -32600, message }, id: null });
};

/** HTTP status, the protocol's code, and what to do about it; by the parser's own word for a fault. */
const FAULTS: Readonly<Record<string, readonly [number, number, string]>> = {
  'entity.parse.failed': [400, -32700, 'Parse error: the body is not JSON'],
  'entity.too.large': [413, -32600, 'Invalid Request: the body is larger than 1 MB'],
  'entity.verify.failed': [
    400,
    -32600,
    `Invalid Request: the body is nested deeper than ${MOST_LEVELS} levels`,
  ],
  'encoding.unsupported': [415, -32600, 'Invalid Request: send the body as it is, not compressed'],
  'charset.unsupported': [415, -32600, 'Invalid Request: send the body as UTF-8'],
  'request.size.invalid': [400, -32600, 'Invalid Request: the body is not as long as announced'],
  'request.aborted': [400, -32600, 'Invalid Request: the body was cut off'],
};

/** Answers a body that is no message in the protocol's own words. */
export const refuseMalformed: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const fault = FAULTS[(error as { type?: string }).type ?? ''];
  if (error instanceof AppError || !fault || response.headersSent) return next(error);
  const [status, code, message] = fault;
  response.status(status).json({ jsonrpc: '2.0', error: { code, message }, id: null });
};
