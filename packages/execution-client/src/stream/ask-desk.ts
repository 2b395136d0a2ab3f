import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { z } from 'zod';
import { deskAddress, pathAt } from './desk-address.ts';
import { agentFor } from './pinned-agent.ts';

/** What the desk answered instead of doing it. */
export class DeskRefusal extends Error {
  override readonly name = 'DeskRefusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** No desk answered at its address. */
export class DeskUnreachable extends Error {
  override readonly name = 'DeskUnreachable';
}

const MOST_BYTES = 1_000_000;
const TIMEOUT_MS = 10_000;

/** One request at the desk, its answer validated. */
export const askDesk = async <S extends z.ZodType>(
  { address, pin }: { address: string; pin: string | null },
  { path, body, response }: { path: string; body: unknown; response: S },
): Promise<z.output<S>> => {
  const url = pathAt(deskAddress(address), path);
  const text = JSON.stringify(body);
  const send = url.protocol === 'https:' ? requestSecure : requestPlain;
  const [status, answer] = await new Promise<[number, string]>((resolve, reject) => {
    const request = send(
      url,
      {
        method: 'POST',
        agent: agentFor(pin),
        timeout: TIMEOUT_MS,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      },
      (incoming) => {
        let received = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          received += chunk;
          if (received.length > MOST_BYTES) request.destroy(new Error('the answer is too long'));
        });
        incoming.on('end', () => resolve([incoming.statusCode ?? 0, received]));
        incoming.on('error', reject);
      },
    );
    request.on('timeout', () => request.destroy(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)));
    request.on('error', (error) =>
      reject(
        new DeskUnreachable(
          `the desk at ${url.origin} cannot be reached: ${error.message}; ask its operator whether it runs, and whether your machine may reach it there`,
        ),
      ),
    );
    request.end(text);
  });
  let value: unknown = null;
  try {
    value = JSON.parse(answer);
  } catch {
    // told below, with its status
  }
  if (status < 200 || status > 299) {
    const told = (value as { error?: { message?: unknown } } | null)?.error?.message;
    throw new DeskRefusal(status, typeof told === 'string' ? told : `the desk answered ${status}`);
  }
  const parsed = response.safeParse(value);
  if (!parsed.success) throw new DeskUnreachable(`what answers at ${url.origin} is no desk`);
  return parsed.data;
};
