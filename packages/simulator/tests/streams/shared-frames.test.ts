import { afterEach, describe, expect, it } from '@jest/globals';
import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { createAccount } from '../../src/exchange/account.ts';
import { createFrame, createSharedEncodings, sendDirectly } from '../../src/stream/outgoing.ts';
import { createDataStream } from '../../src/stream/data-stream.ts';
import { WireInstant } from '../../src/stream/wire-instant.ts';
import type { OpenAccount } from '../open-account.ts';
import { openStream } from './open-stream.ts';

const CODECS = ['json', 'msgpack'] as const;

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

describe('frames of which every client wants another part', () => {
  it('are byte for byte what each would be alone', () => {
    const message = fc.record({
      T: fc.constantFrom('t', 'q'),
      S: fc.string(),
      p: fc.double({ noNaN: true, noDefaultInfinity: true }),
      c: fc.array(fc.string(), { maxLength: 3 }),
      t: fc.integer({ min: 0, max: 2e12 }).map((at) => new WireInstant(at)),
    });
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 40 }),
        fc.array(fc.nat(40), { maxLength: 3 }),
        (messages, cuts) => {
          const shared = createSharedEncodings();
          for (const part of [
            messages,
            ...cuts.map((cut) => messages.slice(cut)),
            messages.toReversed(),
          ]) {
            const frame = createFrame('data', part, true, shared);
            expect(frame.payload('json').toString()).toBe(JSON.stringify(part));
            expect(frame.payload('msgpack').equals(encode(part))).toBe(true);
            expect(frame.payload('json')).toBe(frame.payload('json'));
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each(
    CODECS.flatMap(
      (codec) =>
        [
          [codec, 'whatever else they want', (index: number) => `S${index}`],
          [codec, 'where they want the same', () => 'S0'],
        ] as const,
    ),
  )('encode a message once in %s for a hundred clients, %s', async (codec, _what, own) => {
    const count = 100;
    const account = createAccount(1, '0');
    const stream = createDataStream({
      stream: 'news',
      channels: ['news'],
      symbol_limit: null,
      covered: true,
      connections: count,
      auth_timeout_ms: 10_000,
      slow_client_bytes: 1e6,
      find_account: () => account,
      record_frame: () => undefined,
      outgoing: sendDirectly,
    });
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    stops.push(() => server.close());
    server.on('connection', (socket, request) => {
      stops.push(() => socket.terminate());
      stream.accept(socket, request);
    });
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const clients = await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const client = await openStream(
          {
            simulator: { url, accounts: [{ key_id: 'k', secret_key: 's' }] },
          } as unknown as OpenAccount,
          '/',
          { msgpack: codec === 'msgpack' },
        );
        await client.authenticate();
        await client.subscribe({ news: ['ALL', own(index)] });
        return client;
      }),
    );
    const encoded = new Map<string, number>();
    const message = (name: string): object =>
      Object.defineProperty({ T: 'n' }, 'name', {
        enumerable: true,
        get: () => (encoded.set(name, (encoded.get(name) ?? 0) + 1), name),
      });
    const owns = [...new Set(Array.from({ length: count }, (_, index) => own(index)))];
    const symbols = [...Array.from({ length: 5 }, () => 'ALL'), ...owns];
    stream.publish(
      symbols.map((symbol, index) => ({
        channel: 'news',
        symbols: [symbol],
        message: message(`m${index}`),
      })),
    );
    await Promise.all(clients.map(({ settled }) => settled()));
    for (const [index, client] of clients.entries())
      expect(client.messages('n').map(({ name }) => name)).toEqual([
        'm0',
        'm1',
        'm2',
        'm3',
        'm4',
        `m${5 + owns.indexOf(own(index))}`,
      ]);
    expect([...encoded.values()]).toEqual(symbols.map(() => 1));
  });
});
