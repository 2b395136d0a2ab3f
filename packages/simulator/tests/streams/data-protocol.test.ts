import { afterEach, describe, expect, it } from '@jest/globals';
import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFindAccount } from '../../src/find-account.ts';
import { createSimulation } from '../../src/simulation.ts';
import { serveStreams, type StreamOptions, type Streams } from '../../src/stream/serve-streams.ts';
import type { SimulatorOptions } from '../../src/index.ts';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { CLOSE, OPEN, flat, quietDay, smallDay } from '../small-day.ts';
import { openStream, type OpenStream } from './open-stream.ts';

let account: OpenAccount | null = null;
const streams: OpenStream[] = [];
afterEach(async () => {
  for (const { socket } of streams.splice(0)) socket.terminate();
  await account?.close();
  account = null;
});

const open = async (
  path: string,
  options: Parameters<typeof openStream>[2] = {},
): Promise<OpenStream> => {
  const stream = await openStream(account!, path, options);
  streams.push(stream);
  return stream;
};
const start = async (options: Partial<SimulatorOptions> = {}): Promise<void> => {
  account = await openAccount(quietDay([]), options);
};
const error = (code: number, msg: string) => [{ T: 'error', code, msg }];

/** A simulator's streams alone, with what only tests change. */
const serve = async (
  options: StreamOptions,
  day = quietDay([]),
): Promise<{
  url: string;
  server: Server;
  streams: Streams;
  simulation: ReturnType<typeof createSimulation>;
}> => {
  const simulation = createSimulation({
    day,
    at: '10:00',
    accounts: 1,
    cash: '1000',
    exchange: { volume_share: 0.1, stream_oco_cancels: true },
  });
  const server = createServer();
  const served = serveStreams(
    server,
    simulation,
    createFindAccount(simulation.accounts, [{ key_id: 'K', secret_key: 'S' }]),
    options,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    streams: served,
    simulation,
  };
};
const asAccount = (url: string): OpenAccount =>
  ({
    simulator: { url, accounts: [{ key_id: 'K', secret_key: 'S', account_number: '1' }] },
  }) as unknown as OpenAccount;

describe.each([
  ['json', false],
  ['msgpack', true],
])('a data stream in %s', (_name, msgpack) => {
  it('says that it is connected, takes the keys and answers with all subscriptions', async () => {
    await start();
    const stream = await open('/v2/sip', { msgpack });
    await stream.authenticate();
    await stream.subscribe({ trades: ['ACME'], bars: ['*'] });
    stream.send({ action: 'unsubscribe', bars: ['*'] });
    await stream.subscribe({ statuses: ['*'], imbalances: ['ACME'] });
    const none = { quotes: [], bars: [], updatedBars: [], dailyBars: [], statuses: [], lulds: [] };
    const subscription = {
      T: 'subscription',
      trades: ['ACME'],
      ...none,
      corrections: ['ACME'],
      cancelErrors: ['ACME'],
    };
    expect(stream.arrays).toEqual([
      [{ T: 'success', msg: 'connected' }],
      [{ T: 'success', msg: 'authenticated' }],
      [{ ...subscription, bars: ['*'] }],
      [subscription],
      [{ ...subscription, statuses: ['*'], imbalances: ['ACME'] }],
    ]);
  });

  it('takes the keys from the handshake', async () => {
    await start();
    const { key_id, secret_key } = account!.simulator.accounts[0]!;
    const stream = await open('/v1beta1/news', {
      msgpack,
      headers: { 'APCA-API-KEY-ID': key_id, 'APCA-API-SECRET-KEY': secret_key },
    });
    await stream.subscribe({ news: ['*'] });
    expect(stream.arrays).toEqual([
      [{ T: 'success', msg: 'connected' }],
      [{ T: 'success', msg: 'authenticated' }],
      [{ T: 'subscription', news: ['*'] }],
    ]);
  });

  it('refuses with the codes of Alpaca', async () => {
    await start();
    const stream = await open('/v1beta1/news', { msgpack });
    stream.socket.send(msgpack ? Buffer.from([0xc1]) : '{"broken');
    stream.send({ action: 'subscribe', news: ['*'] });
    stream.send({ action: 'auth', key: 'a', secret: 'b' });
    await stream.authenticate();
    await stream.authenticate();
    stream.send({ action: 'dance' });
    stream.send({ action: 'subscribe' });
    stream.send({ action: 'subscribe', news: 'ACME' });
    await stream.subscribe({ news: ['not a symbol'] });
    await stream.subscribe({ trades: ['ACME'] });
    expect(stream.arrays.slice(1)).toEqual([
      error(400, 'invalid syntax'),
      error(401, 'not authenticated'),
      error(402, 'auth failed'),
      [{ T: 'success', msg: 'authenticated' }],
      error(403, 'already authenticated'),
      error(400, 'invalid syntax'),
      error(400, 'invalid syntax'),
      error(400, 'invalid syntax'),
      error(400, 'invalid syntax'),
      error(410, 'invalid subscribe action for this feed'),
    ]);
  });
});

describe('the limits of a data stream', () => {
  it('are one connection for each account and endpoint, and a place is free again after a close', async () => {
    await start({ accounts: 2 });
    const first = await open('/v2/sip');
    await first.authenticate();
    const second = await open('/v2/sip');
    second.send({
      action: 'auth',
      key: account!.simulator.accounts[0]!.key_id,
      secret: account!.simulator.accounts[0]!.secret_key,
    });
    await second.closed;
    expect(second.arrays.at(-1)).toEqual(error(406, 'connection limit exceeded'));
    for (const [path, index] of [
      ['/v2/iex', 0],
      ['/v1beta1/news', 0],
      ['/v2/sip', 1],
    ] as const) {
      const other = await open(path, { index });
      await other.authenticate();
      expect(other.arrays.at(-1)).toEqual([{ T: 'success', msg: 'authenticated' }]);
    }
    first.socket.close();
    await first.closed;
    const third = await open('/v2/sip');
    await third.authenticate();
    expect(third.arrays.at(-1)).toEqual([{ T: 'success', msg: 'authenticated' }]);
  });

  it('may be more connections', async () => {
    await start({ data_connections: 2 });
    for (let count = 0; count < 2; count += 1) {
      const stream = await open('/v2/sip');
      await stream.authenticate();
      expect(stream.arrays.at(-1)).toEqual([{ T: 'success', msg: 'authenticated' }]);
    }
  });

  it('of the basic plan are IEX and thirty symbols, and a refusal leaves subscriptions as they were', async () => {
    await start({ data_plan: 'basic' });
    const consolidated = await open('/v2/sip');
    await consolidated.authenticate();
    expect(consolidated.arrays.at(-1)).toEqual(error(409, 'insufficient subscription'));
    const stream = await open('/v2/iex');
    await stream.authenticate();
    const symbols = Array.from({ length: 30 }, (_, index) => `S${index}`);
    await stream.subscribe({ trades: symbols });
    await stream.subscribe({ quotes: ['ONE'] });
    expect(stream.arrays.at(-1)).toEqual(error(405, 'symbol limit exceeded'));
    await stream.subscribe({ bars: ['*'] });
    expect(stream.arrays.at(-1)![0]).toMatchObject({ trades: symbols, quotes: [], bars: ['*'] });
  });

  it('close a client that does not authenticate in time', async () => {
    const served = await serve({ auth_timeout_ms: 50 });
    const stream = await openStream(asAccount(served.url), '/v2/sip');
    await stream.closed;
    expect(stream.arrays.at(-1)).toEqual(error(404, 'auth timeout'));
    served.streams.close();
    served.server.close();
  });

  it('close a client that does not read', async () => {
    const symbols = Array.from({ length: 20 }, (_, index) => `S${index}`);
    const served = await serve(
      { slow_client_bytes: 1_000 },
      smallDay({
        bars: Object.fromEntries(symbols.map((symbol) => [symbol, flat(OPEN, CLOSE, 100)])),
      }),
    );
    const stream = await openStream(asAccount(served.url), '/v2/sip');
    await stream.authenticate();
    await stream.subscribe({ trades: ['*'], quotes: ['*'] });
    stream.socket.pause();
    for (let minute = 1; minute <= 360; minute += 1) {
      served.simulation.stepTo(served.simulation.now() + 60_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    stream.socket.resume();
    await stream.closed;
    const told = stream.messages('error');
    // The socket may break before the last word is read; what is never true is that everything
    // arrives.
    expect(told.length === 0 || told[0]!.code === 407).toBe(true);
    served.streams.close();
    served.server.close();
  }, 20_000);

  it('do not hold for one long step', async () => {
    await start();
    const stream = await open('/v2/sip');
    await stream.authenticate();
    await stream.subscribe({ trades: ['*'], quotes: ['*'] });
    await account!.step('16:30');
    await stream.settled();
    expect(stream.messages('t').reduce((sum, { s }) => sum + s, 0)).toBe(390 * 10_000);
    expect(Math.max(...stream.arrays.map(({ length }) => length))).toBeLessThanOrEqual(500);
  });

  it('are a 404 on any other path', async () => {
    await start();
    await expect(open('/v2/otc')).rejects.toThrow('404');
  });
});

describe('whatever a client sends', () => {
  it.each([
    ['/stream', false],
    ['/stream', true],
    ['/v2/sip', false],
    ['/v2/sip', true],
    ['/v1beta1/news', false],
  ])('%s (msgpack %s) still answers the next client', async (path, msgpack) => {
    await start();
    const stream = await open(path, { msgpack });
    await stream.authenticate();
    const value = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string({ maxLength: 8 }), { maxLength: 5 }),
      fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), { maxKeys: 3 }),
    );
    const message = fc
      .record({
        action: fc.constantFrom(
          'subscribe',
          'unsubscribe',
          'listen',
          'unlisten',
          'auth',
          'authenticate',
        ),
        data: value,
        trades: value,
        news: value,
        key: value,
      })
      .map((one) => (msgpack ? encode(one) : JSON.stringify(one)));
    const sent = fc.sample(
      fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        value.map((one) => encode(one)),
        value.map((one) => JSON.stringify(one)),
        message,
      ),
      { numRuns: 300, seed: 11 },
    );
    for (const [index, bytes] of sent.entries()) {
      stream.socket.send(bytes);
      // Keys that are wrong take the account away on /stream, and too much is not taken from
      // strangers.
      if (index % 20 === 0) await stream.authenticate();
    }
    await stream.settled();
    expect((await account!.get('/sim/status')).status).toBe(200);
  });
});

describe('the test stream', () => {
  it('tells its fictional stock at any hour, every five seconds and every minute, as the clock goes', async () => {
    await start({ at: '04:00', data_plan: 'basic' });
    const stream = await open('/v2/test');
    await stream.authenticate();
    await stream.subscribe({ bars: ['FAKEPACA'], quotes: ['FAKEPACA'] });
    expect(stream.arrays.at(-1)).toEqual([
      { T: 'subscription', trades: [], quotes: ['FAKEPACA'], bars: ['FAKEPACA'] },
    ]);
    await account!.step('04:01');
    await stream.subscribe({ trades: ['*'] });
    await account!.request('POST', '/sim/step', { to: '2026-03-10T08:01:07Z' });
    await stream.settled();
    expect(stream.messages('q')).toHaveLength(13);
    expect(stream.messages('q')[0]).toEqual({
      T: 'q',
      S: 'FAKEPACA',
      bx: 'O',
      bp: 133.85,
      bs: 4,
      ax: 'R',
      ap: 135.77,
      as: 5,
      c: ['R'],
      z: 'A',
      t: expect.stringMatching(/^2026-03-10T08:00:05\.000\d+Z$/),
    });
    expect(stream.messages('t')).toEqual([
      {
        T: 't',
        S: 'FAKEPACA',
        i: 1,
        x: 'N',
        p: 134.56,
        s: 3,
        c: [' '],
        z: 'A',
        t: expect.stringMatching(/^2026-03-10T08:01:05\.000\d+Z$/),
      },
    ]);
    expect(stream.messages('b')).toEqual([
      {
        T: 'b',
        S: 'FAKEPACA',
        o: 132.65,
        h: 136,
        l: 132.12,
        c: 134.65,
        v: 205,
        t: '2026-03-10T08:00:00Z',
        n: 16,
        vw: 133.7,
      },
    ]);
    await stream.subscribe({ dailyBars: ['FAKEPACA'] });
    expect(stream.arrays.at(-1)).toEqual(error(410, 'invalid subscribe action for this feed'));
  });
});
