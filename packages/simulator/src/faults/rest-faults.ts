import type { Request, RequestHandler, Response } from 'express';
import type { AnswerHook } from '../ledger-requests.ts';
import type { FaultList, ListedFault } from './fault-list.ts';
import { pathPattern } from './path-pattern.ts';
import { placeOf, type RestEffect, type RestFault } from './fault-schema.ts';

/** What Alpaca says with a status when nothing else is asked for. */
const BODIES: Record<number, { code?: number; message: string }> = {
  400: { code: 40010000, message: 'request body format is invalid' },
  401: { message: 'unauthorized.' },
  403: { code: 40310000, message: 'forbidden.' },
  404: { code: 40410000, message: 'endpoint not found.' },
  422: { code: 42210000, message: 'request is not processable' },
  429: { code: 42910000, message: 'rate limit exceeded' },
  500: { code: 50010000, message: 'internal server error occurred' },
  502: { code: 50210000, message: 'bad gateway' },
  503: { code: 50310000, message: 'service unavailable' },
  504: { code: 50410000, message: 'gateway timeout' },
};
const bodyOf = (status: number): unknown =>
  BODIES[status] ?? { code: status * 100_000, message: 'error' };

/** Bytes that are neither JSON nor UTF-8. */
const GARBAGE = Buffer.from([
  0x7b, 0x22, 0xff, 0xfe, 0x00, 0x3c, 0x68, 0x74, 0x6d, 0x6c, 0x3e, 0x80, 0x81,
]);

const isRest = (listed: ListedFault): listed is ListedFault<RestFault> =>
  placeOf(listed.fault.where) === 'rest';

const later = (ms: number, act: () => void): void => {
  if (ms === 0) act();
  else setTimeout(act, ms).unref();
};

/** Sends an answer in place of the one that may have been prepared. */
const answerInstead = (
  response: Response,
  status: number,
  body: Buffer,
  headers: Record<string, string> = {},
): void => {
  if (response.destroyed) return;
  response.status(status).set({
    'Content-Type': 'application/json; charset=utf-8',
    ...headers,
    'Content-Length': String(body.length),
  });
  response.end(body);
};

/** The head of an answer and the first half of its body, then the connection breaks. */
const answerHalf = (response: Response, status: number, body: Buffer): void => {
  if (response.destroyed) return;
  response.status(status).set({
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Math.max(2, body.length)),
  });
  response.write(
    body.length > 1 ? body.subarray(0, Math.ceil(body.length / 2)) : Buffer.from('{'),
    () => response.socket?.destroy(),
  );
};

const breakConnection = (response: Response): void => void response.socket?.destroy();

const asJson = (body: unknown): Buffer =>
  Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));

/** What the client gets; `own` is the exchange's answer, null where it never saw the request. */
const deliver = (
  response: Response,
  effect: RestEffect,
  own: { status: number; body: Buffer } | null,
  end: () => void,
): void => {
  switch (effect.kind) {
    case 'status':
      return later(effect.after_ms, () =>
        answerInstead(
          response,
          effect.status,
          asJson(effect.body ?? bodyOf(effect.status)),
          effect.headers,
        ),
      );
    case 'delay':
      return later(effect.ms, end);
    case 'hang':
      return;
    case 'half_answer':
      return later(effect.after_ms, () =>
        own
          ? answerHalf(response, own.status, own.body)
          : answerHalf(response, 200, asJson(bodyOf(500))),
      );
    case 'garbage':
      return later(effect.after_ms, () => answerInstead(response, 200, GARBAGE));
    case 'accept_then_fail': {
      const { answer } = effect;
      if (answer === 'hang') return;
      return later(effect.after_ms, () =>
        answer === 'reset'
          ? breakConnection(response)
          : answerInstead(response, answer, asJson(bodyOf(answer))),
      );
    }
    case 'lost_request':
      return later(effect.after_ms, () => breakConnection(response));
  }
};

/** Whether the exchange gets to see the request at all. */
const reachesExchange = (effect: RestEffect): boolean =>
  effect.kind === 'delay' ||
  effect.kind === 'accept_then_fail' ||
  (effect.kind !== 'lost_request' && effect.exchange === 'did_it');

/**
 * Meddles with requests and answers as the list's REST faults say; comes after the request was
 * written down and before anything looks at it.
 */
export const createRestFaults = (list: FaultList): RequestHandler => {
  const matches =
    (request: Request, accountNumber: unknown) =>
    (listed: ListedFault): listed is ListedFault<RestFault> => {
      if (!isRest(listed)) return false;
      const { rest, account, key_id: keyId } = listed.fault.where;
      const [method, path] = rest.split(' ') as [string, string];
      if (method !== '*' && method !== request.method) return false;
      if (account !== undefined && account !== accountNumber) return false;
      if (keyId !== undefined && keyId !== request.get('APCA-API-KEY-ID')) return false;
      return pathPattern(path).test(request.path);
    };

  return (request, response, next) => {
    const { request_seq: requestSeq, account_number: accountNumber } = response.locals as {
      request_seq: number;
      account_number: string | null;
    };
    const listed = list.due(list.listed().filter(matches(request, accountNumber)));
    if (!listed) return next();
    const effect = listed.fault.what;
    const reaches = reachesExchange(effect);
    list.record(listed, {
      request: requestSeq,
      account_number: accountNumber,
      method: request.method,
      url: request.originalUrl.split('?')[0],
      exchange: reaches ? 'did_it' : 'never_saw',
    });
    if (effect.kind === 'delay' && effect.delays === 'request') return later(effect.ms, next);
    const hook: AnswerHook = {
      fault: reaches ? listed.id : null,
      deliver: (answer, end) => deliver(response, effect, answer, end),
    };
    if (reaches) {
      response.locals.answer_hook = hook;
      return next();
    }
    response.locals.answer_hook = {
      fault: null,
      deliver: (_answer, end) => end(),
    } satisfies AnswerHook;
    deliver(response, effect, null, () => undefined);
  };
};
