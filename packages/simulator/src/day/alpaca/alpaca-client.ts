import { setTimeout } from 'node:timers/promises';
import { RecordingError } from './recording-error.ts';

/** The time by which requests are paced; tests bring their own. */
export interface PacingClock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export const systemClock: PacingClock = {
  now: () => Date.now(),
  sleep: async (milliseconds) => void (await setTimeout(milliseconds)),
};

export interface AlpacaAnswer {
  status: number;
  /** As it was sent; JSON wherever `status` is 200. */
  text: string;
  body: unknown;
}

/**
 * Reads Alpaca's APIs politely: at most 200 requests a minute, again after lost connections and
 * server errors, later where the limit is reached.
 */
export interface AlpacaClient {
  /** An answer with status 200, 404 or 422; every other end is a RecordingError. */
  get(url: string): Promise<AlpacaAnswer>;
  /** Requests sent so far, repeated ones included. */
  requests(): number;
}

/** Requests a minute of Alpaca's free plan. */
const REQUESTS_A_MINUTE = 200;
const MINUTE_MS = 60_000;
const ANSWER_MS = 60_000;
const FAILURES = 6;
const FIRST_PAUSE_MS = 500;
/** A minute's limit is over after a minute; this many refusals in a row are another fault. */
const REFUSALS = 15;
const FIRST_LIMIT_PAUSE_MS = 1_000;

const PRINTABLE = /^[\x21-\x7e]+$/;

/**
 * How long the answer asks to wait, in milliseconds; null where it says nothing that can be
 * believed.
 */
const askedPause = (headers: Headers, now: number): number | null => {
  const after = headers.get('Retry-After');
  const reset = headers.get('X-RateLimit-Reset');
  const pause =
    after !== null && /^\d+$/.test(after)
      ? Number(after) * 1_000
      : after !== null
        ? Date.parse(after) - now
        : reset !== null
          ? Number(reset) * 1_000 - now
          : Number.NaN;
  return pause > 0 && pause <= 2 * MINUTE_MS ? pause : null;
};

const messageOf = ({ body, text, status }: AlpacaAnswer): string => {
  const message =
    typeof body === 'object' && body !== null && 'message' in body ? body.message : null;
  return typeof message === 'string'
    ? `${status}, ${message}`
    : `${status}${text === '' ? '' : ', without a reason'}`;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

export const createAlpacaClient = ({
  key,
  secret,
  clock,
}: {
  key: string;
  secret: string;
  clock: PacingClock;
}): AlpacaClient => {
  // the error about a header that cannot be sent would quote its value
  if (!PRINTABLE.test(key) || !PRINTABLE.test(secret))
    throw new RecordingError(
      'keys',
      'the keys are not Alpaca keys: they hold spaces, line breaks or other characters that no key has',
    );
  const headers = {
    'APCA-API-KEY-ID': key,
    'APCA-API-SECRET-KEY': secret,
    accept: 'application/json',
  };
  const sent: number[] = [];
  let requests = 0;

  const waitForTurn = async (): Promise<void> => {
    for (;;) {
      const now = clock.now();
      while (sent.length > 0 && (sent[0] ?? 0) <= now - MINUTE_MS) sent.shift();
      if (sent.length < REQUESTS_A_MINUTE) break;
      await clock.sleep((sent[0] ?? now) + MINUTE_MS - now);
    }
    sent.push(clock.now());
    requests += 1;
  };

  /**
   * One request; a lost connection, silence and an answer that breaks off are told as the reason.
   */
  const ask = async (url: string): Promise<(AlpacaAnswer & { headers: Headers }) | string> => {
    await waitForTurn();
    try {
      const response = await fetch(url, {
        headers,
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const text = await response.text();
      return { status: response.status, text, body: parse(text), headers: response.headers };
    } catch (error) {
      const { name, message, cause } = error as Error;
      if (name === 'TimeoutError') return `no answer within ${ANSWER_MS / 1_000} s`;
      return cause instanceof Error
        ? ((cause as NodeJS.ErrnoException).code ?? cause.message)
        : message;
    }
  };

  return {
    requests: () => requests,
    get: async (url) => {
      const place = `${new URL(url).origin}${new URL(url).pathname}`;
      let failures = 0;
      let refusals = 0;
      for (;;) {
        const answer = await ask(url);
        if (typeof answer !== 'string' && answer.status === 429) {
          refusals += 1;
          if (refusals >= REFUSALS)
            throw new RecordingError(
              'unavailable',
              `${place} still refuses for too many requests after ${refusals} attempts; go on later with the same command`,
            );
          await clock.sleep(
            askedPause(answer.headers, clock.now()) ??
              Math.min(MINUTE_MS, FIRST_LIMIT_PAUSE_MS * 2 ** (refusals - 1)),
          );
          continue;
        }
        const reason =
          typeof answer === 'string'
            ? answer
            : answer.status >= 500
              ? messageOf(answer)
              : answer.status === 200 && answer.body === undefined
                ? '200, but no JSON'
                : null;
        if (reason !== null) {
          failures += 1;
          if (failures >= FAILURES)
            throw new RecordingError(
              'unavailable',
              `${place} did not answer ${failures} times (${reason}); go on later with the same command`,
            );
          await clock.sleep(FIRST_PAUSE_MS * 2 ** (failures - 1));
          continue;
        }
        const { status, text, body } = answer as AlpacaAnswer;
        if (status === 401)
          throw new RecordingError(
            'keys',
            `${place} does not accept the keys (${messageOf({ status, text, body })})`,
          );
        if (![200, 404, 422].includes(status))
          throw new RecordingError(
            'refused',
            `${place} refuses (${messageOf({ status, text, body })})`,
          );
        return { status, text, body };
      }
    },
  };
};
