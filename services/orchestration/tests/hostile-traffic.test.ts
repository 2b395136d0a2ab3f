import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { KEY, mcpUrl, notes, OTHER_KEY, serveMcp } from './serve-mcp.ts';

const REQUESTS = 10_000;
const WARM = 2000;
const AT_ONCE = 24;
const ANSWER_MS = 20_000;
const KEYS = [KEY, OTHER_KEY] as const;

/** The same numbers each time: what fails here fails again. */
const numbers = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};
const next = numbers(20_260_310);
const one = <T>(of: readonly T[]): T => of[next(of.length)]!;

interface Sent {
  method: string;
  headers: Record<string, string>;
  body: Buffer | string;
  /** The nonce of a call that is as it should be: its own answer holds it, and no other does. */
  nonce?: string;
}

let count = 0;
const nonceOf = (key: string): string => `${key === KEY ? 'first' : 'second'}-${(count += 1)}-x`;
const message = (more: object): string => JSON.stringify({ jsonrpc: '2.0', id: count, ...more });
const callOf = (given: unknown, name: unknown = 'get_risk_status'): string =>
  message({ method: 'tools/call', params: { name, arguments: given } });
const ODD_TEXTS = [
  '\ud800',
  '\udfff\ud800',
  '\u0000',
  '\u202e\u2066evil',
  'A\u0301'.repeat(500),
  '👩‍👩‍👧‍👦',
  '__proto__',
  'constructor',
  'x'.repeat(20_000),
  '../../etc/passwd',
  '${7*7}',
] as const;
const ODD_VALUES = [null, true, -1, 1e308, [], {}, [[[]]], '', 0.1, '\ud800'] as const;

/** Each class of what is no healthy request. */
const CLASSES: readonly (() => Pick<Sent, 'body'> & Partial<Sent>)[] = [
  () => ({ body: Buffer.from(Array.from({ length: next(200) }, () => next(256))) }),
  () => ({ body: callOf({}).slice(0, next(60)) }),
  () => ({ body: `${'{"a":'.repeat(20 + next(400))}1${'}'.repeat(20 + next(400))}` }),
  () => ({ body: callOf({ note: 'y'.repeat(next(60_000)) }) }),
  () => ({ body: callOf(one(ODD_VALUES), one(['get_positions', 'close_position', 7, null])) }),
  () => ({ body: message({ method: one(['nothing', 'tools/', '__proto__', 'toString', '']) }) }),
  () => ({ body: JSON.stringify(Array.from({ length: 1 + next(5) }, () => one(ODD_VALUES))) }),
  () => ({ body: `[${Array.from({ length: 2 }, () => callOf({})).join(',')}]` }),
  () => ({ body: callOf({}), headers: { 'mcp-session-id': one(['x', '0'.repeat(500), '../a']) } }),
  () => ({ body: callOf({}), headers: { accept: one(['text/html', 'image/png', ';;', '']) } }),
  () => ({
    body: callOf({}),
    headers: { 'content-type': one(['text/plain', 'a/b', 'application/json; charset=x']) },
  }),
  () => ({
    body: callOf({}),
    headers: { 'mcp-protocol-version': one(['1999-01-01', '2026-07-28', 'x']) },
  }),
  () => ({ body: callOf({}), headers: { 'content-encoding': one(['gzip', 'br', 'x']) } }),
  () => ({ body: callOf({ symbol: one(ODD_TEXTS) }, one(['get_positions', 'explain_symbol'])) }),
  () => ({ body: callOf({}, one(ODD_TEXTS)) }),
  () => ({
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"__proto__":{"name":"x"},"name":"get_risk_status","arguments":{"constructor":{"prototype":{"x":1}}}}}',
  }),
  () => ({
    body: one([
      'NaN',
      '{"id":NaN}',
      '-Infinity',
      '[1e999]',
      '{"jsonrpc":"2.0","id":1e999,"method":"ping"}',
    ]),
  }),
  () => ({ body: message({ method: 'resources/read', params: { uri: one(ODD_TEXTS) } }) }),
  () => ({
    body: message({
      method: 'completion/complete',
      params: { ref: one(ODD_VALUES), argument: { name: '__proto__', value: one(ODD_TEXTS) } },
    }),
  }),
  () => ({ method: one(['DELETE', 'PUT', 'PATCH', 'OPTIONS']), body: '' }),
  () => ({ body: callOf({}), headers: { 'x-api-key': 'y'.repeat(next(300) + 1) } }),
];

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}
const send = ({ method, headers, body }: Sent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(mcpUrl(), { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
      response.on('error', reject);
    });
    const given_up = setTimeout(
      () =>
        sent.destroy(
          new Error(
            `no end of the answer to ${method} ${JSON.stringify(headers)} ${String(body).slice(0, 200)}`,
          ),
        ),
      ANSWER_MS,
    );
    sent.on('close', () => clearTimeout(given_up));
    sent.on('error', reject);
    sent.end(body);
  });

const healthy = (key: string): Sent => {
  const nonce = nonceOf(key);
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: nonce,
      method: 'tools/call',
      params: { name: 'get_risk_status', arguments: {} },
    }),
    nonce,
  };
};
const malformed = (key: string): Sent => {
  const made = one(CLASSES)();
  return {
    method: 'POST',
    ...made,
    headers: { 'content-type': 'application/json', 'x-api-key': key, ...made.headers },
  };
};

/** The one clear sentence of an answer, of whichever kind it is. */
const errorsOf = (text: string): string[] => {
  const json =
    text.startsWith('event:') || text.includes('\ndata: ')
      ? text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []))
      : [text];
  return json
    .filter((part) => part.trim() !== '')
    .flatMap((part) => {
      const told = JSON.parse(part) as Record<string, never> | Record<string, never>[];
      return [told].flat().flatMap(({ error, result }) => {
        const { isError, content } = (result ?? {}) as {
          isError?: boolean;
          content?: { text: string }[];
        };
        if (error) return [(error as { message: string }).message];
        return isError ? [content![0]!.text] : [];
      });
    });
};

serveMcp();

const rejections: unknown[] = [];
const note = (why: unknown): void => void rejections.push(why);
beforeAll(() => {
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
});
afterAll(() => {
  process.off('unhandledRejection', note);
  process.off('uncaughtException', note);
  agent.destroy();
});

/** What is alive after everything that can go has gone. */
const heapUsed = (): number => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
};

it('answers ten thousand requests of two keys, mostly malformed, each in words and to its own caller, with flat memory', async () => {
  let left = REQUESTS;
  const faults: string[] = [];
  const statuses = new Map<number, number>();
  const caller = async (until: number): Promise<void> => {
    while (left > until) {
      left -= 1;
      const key = one(KEYS);
      const sent = next(5) === 0 ? healthy(key) : malformed(key);
      const { status, text } = await send(sent);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const foreign = key === KEY ? /second-\d+-x/ : /first-\d+-x/;
      if (foreign.test(text)) faults.push(`of another caller: ${text.slice(0, 200)}`);
      if (sent.nonce) {
        if (!text.includes(`"id":"${sent.nonce}"`))
          faults.push(`not its own: ${text.slice(0, 200)}`);
        continue;
      }
      if (status >= 500)
        faults.push(`${status}: ${String(sent.body).slice(0, 120)} ${text.slice(0, 200)}`);
      if (status < 400 || status === 405 || text === '') continue;
      const told = errorsOf(text);
      if (
        told.length !== 1 ||
        told[0]!.length < 10 ||
        told[0]!.length > 600 ||
        /\n\s+at |node_modules/.test(told[0]!)
      )
        faults.push(`${status} in no clear words: ${text.slice(0, 300)}`);
    }
  };
  const run = (until: number) => Promise.all(Array.from({ length: AT_ONCE }, () => caller(until)));
  await run(REQUESTS - WARM);
  const warm = heapUsed();
  await run(0);
  const grown = heapUsed() / warm;
  expect([...new Set(faults)].slice(0, 10)).toEqual([]);
  expect(rejections).toEqual([]);
  expect(await notes()).toEqual([]);
  // still there for whoever asks as it should be
  expect((await send(healthy(KEY))).status).toBe(200);
  expect(statuses.get(200)).toBeGreaterThan(1000);
  expect(statuses.get(400)).toBeGreaterThan(1000);
  expect(grown).toBeLessThan(1.35);
}, 240_000);

it('lets a body that never comes wait for itself alone', async () => {
  const slow = request(mcpUrl(), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': KEY, 'content-length': '400' },
  });
  slow.on('error', () => {});
  slow.write('{"jsonrpc":');
  expect((await send(healthy(OTHER_KEY))).status).toBe(200);
  slow.destroy();
  expect((await send(healthy(KEY))).status).toBe(200);
});
