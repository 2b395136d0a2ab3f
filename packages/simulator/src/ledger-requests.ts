import type { Request, Response } from 'express';
import type { SecretHider } from './secret-hider.ts';
import type { LedgerRow } from './ledger-row.ts';
import type { Ledger } from './ledger.ts';

type End = (chunk?: unknown, encoding?: BufferEncoding) => void;

/** What an answer passes through on its way out, in place of leaving at once and as it is. */
export interface AnswerHook {
  /**
   * The id of the fault that meddles with it; null where the exchange never saw the request, so
   * that there is no answer of its own to write down.
   */
  fault: string | null;
  deliver(answer: { status: number; body: Buffer }, end: () => void): void;
}

const toBuffer = (chunk: unknown, encoding: BufferEncoding | undefined): Buffer =>
  typeof chunk === 'string'
    ? Buffer.from(chunk, encoding)
    : chunk instanceof Uint8Array
      ? Buffer.from(chunk)
      : Buffer.alloc(0);

const parsed = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch {
    return body.toString();
  }
};

/**
 * What `response.json` was called with, as soon as it is called: the answer need not be read back
 * from its text.
 */
const noteContent = (response: Response): (() => unknown) => {
  const json = response.json.bind(response);
  let content: unknown = null;
  response.json = (body: unknown) => {
    content = body;
    return json(body);
  };
  return () => content;
};

const orderIdIn = (body: unknown): string | null => {
  const { id, client_order_id: clientOrderId } = (
    typeof body === 'object' && body !== null ? body : {}
  ) as Record<string, unknown>;
  return typeof id === 'string' && typeof clientOrderId === 'string' ? id : null;
};

interface Recorder {
  ledger: Ledger;
  secrets: SecretHider;
  now(): number;
}

/**
 * Writes a request into the ledger as it came, under its account (which `identify` has put into
 * `response.locals`) and key, without its secrets; and, once it is answered, the exchange's answer:
 * its status, the id of the order that it is about and the body of a refusal.
 */
export const recordRequestAndAnswer = (
  { ledger, secrets, now }: Recorder,
  request: Request,
  response: Response,
  arrived: { url: string; body: unknown },
): LedgerRow => {
  const secret = request.get('APCA-API-SECRET-KEY') ?? null;
  const accountNumber = (response.locals.account_number as string | null | undefined) ?? null;
  const row = ledger.append('request', now(), {
    account_number: accountNumber,
    key_id: secrets.value(request.get('APCA-API-KEY-ID') ?? null, secret),
    method: request.method,
    url: secrets.value(arrived.url, secret),
    body: secrets.body(arrived.body, secret),
  });
  response.locals.request_seq = row.seq;
  const contentOf = noteContent(response);
  const end = response.end.bind(response) as End;
  response.end = ((chunk?: unknown, encoding?: BufferEncoding) => {
    response.end = end as typeof response.end;
    const hook = response.locals.answer_hook as AnswerHook | undefined;
    const status = response.statusCode;
    const isRefusal = status >= 400;
    const body = hook || isRefusal ? toBuffer(chunk, encoding) : Buffer.alloc(0);
    if (hook?.fault !== null) {
      const refusal = isRefusal && body.length > 0 ? secrets.value(parsed(body), secret) : null;
      const orderId = request.method === 'GET' ? null : orderIdIn(contentOf());
      ledger.append('answer', now(), {
        request: row.seq,
        account_number: accountNumber,
        status,
        order_id: orderId,
        body: refusal,
        fault: hook?.fault ?? null,
      });
    }
    if (hook) hook.deliver({ status, body }, () => end(chunk, encoding));
    else end(chunk, encoding);
    (response.locals.answered as (() => void) | undefined)?.();
    return response;
  }) as typeof response.end;
  return row;
};
