import { afterEach, describe, expect, it } from '@jest/globals';
import { decode, encode } from '@msgpack/msgpack';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { LedgerRow } from '../../src/index.ts';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { bar, quietDay } from '../small-day.ts';

interface Frame {
  stream: string;
  data: {
    seq: number;
    event: string;
    status?: string;
    execution_id: string;
    order: { qty: string };
  };
}

interface Listener {
  socket: WebSocket;
  /** Frames and pongs in the order in which they came. */
  seen: unknown[];
  send(frame: unknown): void;
  /** Resolves once a ping sent now has been answered: everything sent before it has arrived. */
  settled(): Promise<void>;
}

let account: OpenAccount;
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await account.close();
});

const listen = async (msgpack = false): Promise<Listener> => {
  const socket = new WebSocket(
    account.simulator.stream_url,
    msgpack ? { headers: { 'content-type': 'application/msgpack' } } : {},
  );
  sockets.push(socket);
  const seen: unknown[] = [];
  socket.on('message', (data: Buffer, isBinary) =>
    seen.push({ isBinary, frame: msgpack ? decode(data) : JSON.parse(data.toString()) }),
  );
  socket.on('pong', (data) => seen.push(`pong ${data.toString()}`));
  await once(socket, 'open');
  let pings = 0;
  return {
    socket,
    seen,
    send: (frame) => socket.send(msgpack ? encode(frame) : JSON.stringify(frame)),
    settled: async () => {
      pings += 1;
      const name = String(pings);
      const answered = new Promise<void>((resolve) =>
        socket.on('pong', (data) => data.toString() === name && resolve()),
      );
      socket.ping(name);
      await answered;
    },
  };
};
const keys = () => account.simulator.accounts[0]!;
const frames = (listener: Listener) =>
  listener.seen.filter(
    (one): one is { isBinary: boolean; frame: Frame } => typeof one === 'object',
  );

describe('the trade updates stream', () => {
  it.each([
    ['auth', () => ({ action: 'auth', key: keys().key_id, secret: keys().secret_key })],
    [
      'authenticate',
      () => ({
        action: 'authenticate',
        data: { key_id: keys().key_id, secret_key: keys().secret_key },
      }),
    ],
  ])('takes the keys by %s and answers in binary frames', async (_name, frame) => {
    account = await openAccount(quietDay([]));
    const listener = await listen();
    listener.send(frame());
    listener.send({ action: 'listen', data: { streams: ['trade_updates', 'nothing'] } });
    await listener.settled();
    expect(listener.seen).toEqual([
      {
        isBinary: true,
        frame: { stream: 'authorization', data: { status: 'authorized', action: 'authenticate' } },
      },
      { isBinary: true, frame: { stream: 'listening', data: { streams: ['trade_updates'] } } },
      'pong 1',
    ]);
  });

  it('refuses wrong keys and listening without any', async () => {
    account = await openAccount(quietDay([]));
    const listener = await listen();
    listener.send({ action: 'listen', data: { streams: ['trade_updates'] } });
    listener.send({ action: 'auth', key: 'a', secret: 'b' });
    listener.send('not a frame');
    await listener.settled();
    await account.step('10:00');
    await account.place({});
    await listener.settled();
    expect(frames(listener).map(({ frame }) => frame.data)).toEqual([
      { status: 'unauthorized', action: 'listen' },
      { status: 'unauthorized', action: 'authenticate' },
      { error_message: 'invalid message' },
    ]);
  });

  it('numbers updates without a gap, and a pong follows every update that came before it', async () => {
    account = await openAccount(quietDay([bar(605, 100, 105, 97, 100)]));
    const listener = await listen();
    listener.send({ action: 'auth', key: keys().key_id, secret: keys().secret_key });
    listener.send({ action: 'listen', data: { streams: ['trade_updates'] } });
    await listener.settled();
    await account.step('10:00');
    await account.place({
      qty: '1200',
      order_class: 'bracket',
      take_profit: { limit_price: '104' },
      stop_loss: { stop_price: '98' },
    });
    const { body } = await account.step('10:07');
    await listener.settled();
    const updates = frames(listener)
      .filter(({ frame }) => frame.stream === 'trade_updates')
      .map(({ frame }) => frame.data);
    expect(updates.map(({ seq }) => seq)).toEqual(
      Array.from({ length: body.seq }, (_, index) => index + 1),
    );
    expect(updates.map(({ event }) => event)).toEqual([
      'pending_new',
      'new',
      'held',
      'held',
      'partial_fill',
      'fill',
      'new',
      'replaced',
      'new',
      'partial_fill',
      'fill',
    ]);
    expect(updates[4]).toMatchObject({
      qty: '1000',
      position_qty: '1000',
      timestamp: expect.stringMatching(/^2026-03-10T14:01:00\.000\d+Z$/),
      order: { status: 'partially_filled', legs: [{}, {}] },
    });
    expect(new Set(updates.map(({ execution_id }) => execution_id)).size).toBe(updates.length);
    expect(listener.seen.at(-1)).toBe('pong 2');
  });

  it('belongs to one account', async () => {
    account = await openAccount(quietDay([]), { accounts: 2 });
    const listener = await listen();
    const other = account.simulator.accounts[1]!;
    listener.send({ action: 'auth', key: other.key_id, secret: other.secret_key });
    listener.send({ action: 'listen', data: { streams: ['trade_updates'] } });
    await account.step('10:00');
    await account.place({});
    await account.request(
      'POST',
      '/v2/orders',
      { symbol: 'ACME', qty: '1', side: 'buy', type: 'market', time_in_force: 'day' },
      { 'APCA-API-KEY-ID': other.key_id, 'APCA-API-SECRET-KEY': other.secret_key },
    );
    await listener.settled();
    const quantities = frames(listener)
      .filter(({ frame }) => frame.stream === 'trade_updates')
      .map(({ frame }) => [frame.data.seq, frame.data.order.qty]);
    expect(quantities).toEqual([
      [1, '1'],
      [2, '1'],
    ]);
  });

  it('speaks msgpack to those who ask for it', async () => {
    account = await openAccount(quietDay([]));
    const listener = await listen(true);
    listener.send({ action: 'auth', key: keys().key_id, secret: keys().secret_key });
    await listener.settled();
    expect(frames(listener)[0]!.frame.data.status).toBe('authorized');
  });
});

describe('the ledger', () => {
  it('keeps requests as they came, orders, fills, updates and the account after each, in order and without a gap', async () => {
    account = await openAccount(quietDay([]));
    await account.step('10:00');
    await account.place({ client_order_id: 'one' });
    await account.request('POST', '/v2/orders', '{"broken');
    await account.step('10:01');
    const rows = (await account.get('/sim/ledger')).body as LedgerRow[];
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
    expect(rows.map(({ kind }) => kind)).toEqual([
      'step',
      'request',
      'order',
      'update',
      'update',
      'account',
      'answer',
      'request',
      'answer',
      'fill',
      'update',
      'account',
      'step',
    ]);
    expect(rows[1]).toMatchObject({
      method: 'POST',
      url: '/v2/orders',
      body: { client_order_id: 'one' },
    });
    expect(rows[7]).toMatchObject({ body: '{"broken' });
    expect(rows[9]).toMatchObject({
      symbol: 'ACME',
      side: 'buy',
      qty: '100',
      minute: 600,
      at: '2026-03-10T14:01:00.000Z',
    });
    expect((await account.get('/sim/ledger?after=9')).body).toHaveLength(4);
    expect(JSON.stringify(rows)).not.toContain(keys().secret_key);
  });
});

describe('the clock', () => {
  it('moves only forward, and only when told, to an absolute instant', async () => {
    account = await openAccount(quietDay([]), { at: '09:00' });
    expect((await account.get('/sim/status')).body).toMatchObject({
      now: '2026-03-10T13:00:00.000Z',
      seq: 0,
      trade_date: '2026-03-10',
      clock: 'stepped',
      day: 'small-day',
    });
    const first = await account.step('10:00');
    const length = (await account.get('/sim/status')).body.ledger_seq;
    const again = {
      ...first.body,
      happened: { minutes: 0, bars: 0, articles: 0, order_events: 0, fills: 0 },
    };
    expect((await account.step('10:00')).body).toEqual(again);
    expect((await account.step('09:30')).body).toEqual(again);
    expect((await account.get('/sim/status')).body.ledger_seq).toBe(length);
    expect((await account.request('POST', '/sim/step', { to: 'soon' })).status).toBe(400);
    expect((await account.request('POST', '/sim/step', { by: 1 })).status).toBe(400);
  });
});
