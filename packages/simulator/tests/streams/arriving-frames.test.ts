import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { encode } from '@msgpack/msgpack';
import type { LedgerRow } from '../../src/index.ts';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { quietDay } from '../small-day.ts';
import { openStream, type OpenStream } from './open-stream.ts';

let account: OpenAccount;
const streams: OpenStream[] = [];
afterEach(async () => {
  for (const { socket } of streams.splice(0)) socket.terminate();
  await account.close();
});
const open = async (path: string, msgpack = false): Promise<OpenStream> => {
  const stream = await openStream(account, path, { msgpack });
  streams.push(stream);
  return stream;
};
const frames = async (): Promise<LedgerRow[]> =>
  ((await account.get('/sim/ledger')).body as LedgerRow[]).filter(({ kind }) => kind === 'frame');

describe('a frame that arrives', () => {
  it('is a row of the ledger as it came, under the account of its connection or of the keys in it, without the secret', async () => {
    account = await openAccount(quietDay([]), { accounts: 2 });
    const [updates, news] = [await open('/stream'), await open('/v1beta1/news', true)];
    const [first, second] = [account.simulator.accounts[0]!, account.simulator.accounts[1]!];
    updates.send({
      action: 'authenticate',
      data: { key_id: first.key_id, secret_key: first.secret_key },
    });
    updates.send({ action: 'listen', data: { streams: ['trade_updates'] } });
    await updates.settled();
    news.send({ action: 'auth', key: second.key_id, secret: second.secret_key });
    news.send({ action: 'auth', key: 'wrong', secret: 'another' });
    news.send({ action: 'subscribe', news: ['*'] });
    await news.settled();
    expect(
      (await frames()).map(({ stream, account_number, body }) => [stream, account_number, body]),
    ).toEqual([
      [
        'trade_updates',
        'SIM000001',
        { action: 'authenticate', data: { key_id: first.key_id, secret_key: '[hidden]' } },
      ],
      ['trade_updates', 'SIM000001', { action: 'listen', data: { streams: ['trade_updates'] } }],
      ['news', 'SIM000002', { action: 'auth', key: second.key_id, secret: '[hidden]' }],
      ['news', 'SIM000002', { action: 'auth', key: 'wrong', secret: '[hidden]' }],
      ['news', 'SIM000002', { action: 'subscribe', news: ['*'] }],
    ]);
  });

  it('stands before what it brings about', async () => {
    account = await openAccount(quietDay([]));
    const stream = await open('/v2/sip');
    await stream.authenticate();
    await stream.subscribe({ bars: ['*'] });
    await account.step('09:31');
    await stream.settled();
    const kinds = ((await account.get('/sim/ledger')).body as LedgerRow[]).map(({ kind }) => kind);
    expect(kinds).toEqual(['frame', 'frame', 'message', 'step']);
  });

  it('is kept up to sixteen kilobytes, and as text where it could not be read', async () => {
    account = await openAccount(quietDay([]));
    const [json, binary] = [await open('/v2/sip'), await open('/v2/iex', true)];
    await json.authenticate();
    await binary.authenticate();
    json.send({
      action: 'subscribe',
      bars: Array.from({ length: 6_000 }, (_, index) => `S${index}`),
    });
    json.socket.send('{"action": "subscribe", "bars"');
    json.socket.send(`{"deep": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`);
    await json.settled();
    binary.socket.send(Buffer.from([0xc1, 0x41, 0xff, 0x00]));
    await binary.settled();
    const bodies = (await frames()).slice(2).map(({ body }) => body);
    expect(bodies[0]).toHaveLength(16_384);
    expect(bodies[1]).toBe('{"action": "subscribe", "bars"');
    expect(JSON.stringify(bodies[2])).toContain('nested too deeply');
    expect(bodies[3]).toBe('\uFFFDA\uFFFD\0');
  });

  it('leaves nothing but its size where it could not be read and came before the keys', async () => {
    account = await openAccount(quietDay([]));
    const stream = await open('/v2/sip');
    stream.socket.send('x'.repeat(60_000));
    await stream.authenticate();
    stream.socket.send('after');
    await stream.settled();
    expect(
      (await frames()).map(({ account_number, body, bytes }) => [account_number, bytes, body]),
    ).toEqual([
      [null, 60_000, null],
      ['SIM000001', undefined, expect.anything()],
      ['SIM000001', undefined, 'after'],
    ]);
  });

  it.each(['/stream', '/v2/sip', '/v2/iex', '/v2/delayed_sip', '/v2/test', '/v1beta1/news'])(
    'is one of fifty at most that %s refuses before it has seen keys: a flood ends the connection and leaves the ledger small',
    async (path) => {
      account = await openAccount(quietDay([]));
      const [noise, wrong] = [await open(path), await open(path)];
      for (let burst = 0; burst < 10; burst += 1) {
        for (let index = 0; index < 100; index += 1) {
          noise.socket.send('x'.repeat(60_000));
          wrong.send({ action: 'auth', key: 'k', secret: 'not it' });
        }
        // the simulator in this process reads meanwhile; unread, they would run out of time for keys
        await setImmediate();
      }
      expect(await Promise.all([noise.closed, wrong.closed])).toEqual([1_008, 1_008]);
      expect(await frames()).toHaveLength(100);
      expect(JSON.stringify(account.simulator.simulation.ledger.after(0)).length).toBeLessThan(
        100_000,
      );
      const stream = await open(path);
      await stream.authenticate();
      for (let index = 0; index < 60; index += 1) stream.send({ action: 'none' });
      await stream.settled();
      expect(stream.socket.readyState).toBe(stream.socket.OPEN);
    },
  );
});

describe('the ledger', () => {
  it('holds no secret key, however it has come: by frames that are whole, broken, cut off, too long or in the wrong codec, by requests and in answers', async () => {
    account = await openAccount(quietDay([]), { accounts: 2, data_connections: 4 });
    const secrets = account.simulator.accounts.map(({ secret_key }) => secret_key);
    const foreign = 'hunter2-of-another-house';
    const shapes = (secret: string): (string | Buffer)[] => [
      JSON.stringify({ action: 'auth', key: 'k', secret }),
      JSON.stringify({ action: 'authenticate', data: { key_id: 'k', secret_key: secret } }),
      `{"action": "auth", "key": "k", "secret": "${secret}`,
      `{'action': 'auth', 'key': 'k', 'secret': '${secret}'}`,
      `action=auth&key=k&secret=${secret}`,
      JSON.stringify([{ secret_key: secret }]),
      JSON.stringify({ action: 'subscribe', data: { deep: [[[{ password: secret }]]] } }),
      Buffer.from(encode({ action: 'auth', key: 'k', secret })),
      Buffer.from(encode({ action: 'auth', key: 'k', secret: Buffer.from(secret) })),
      Buffer.from(encode({ action: 'auth', key: 'k', secret })).subarray(0, -1),
      Buffer.concat([Buffer.from([0xc1]), Buffer.from(encode({ secret }))]),
    ];
    // Where nothing says that it is a secret, only the simulator's own are known to be.
    const nameless = (secret: string): (string | Buffer)[] => [
      secret,
      JSON.stringify(secret),
      JSON.stringify({ action: secret, [secret]: [secret] }),
      `${' '.repeat(16_370)}${secret}`,
      Buffer.from(encode([secret])),
    ];
    for (const path of ['/stream', '/v2/sip', '/v2/test', '/v1beta1/news']) {
      for (const [msgpack, known] of [
        [false, false],
        [false, true],
        [true, false],
        [true, true],
      ] as const) {
        const stream = await open(path, msgpack);
        if (known) await stream.authenticate();
        for (const frame of [...secrets, foreign].flatMap(shapes).concat(secrets.flatMap(nameless)))
          stream.socket.send(frame);
        await stream.settled();
      }
    }
    const send = (path: string, init: RequestInit) =>
      fetch(account.simulator.url + path, init).then((response) => response.arrayBuffer());
    for (const secret of secrets) {
      await send('/v2/orders', { method: 'POST', body: `{'secret': '${secret}'` });
      await send(`/v2/orders/${secret}`, {
        method: 'POST',
        body: JSON.stringify({ symbol: secret, note: `my ${secret}` }),
      });
      await send(`/v2/stocks/bars?symbols=${secret}&timeframe=${secret}`, {
        headers: { authorization: `Basic ${Buffer.from(`k:${secret}`).toString('base64')}` },
      });
      await account.place({ symbol: secret });
    }
    const text = JSON.stringify(account.simulator.simulation.ledger.after(0));
    for (const secret of [...secrets, foreign]) expect(text).not.toContain(secret);
    for (const secret of secrets) expect(text).not.toContain(secret.slice(0, 12));
    expect((await frames()).length).toBe(16 * (11 * 3 + 5 * 2) + 8);
  });
});
