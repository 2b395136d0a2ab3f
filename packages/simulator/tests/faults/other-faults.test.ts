import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { createLedger } from '../../src/ledger.ts';
import type { Credentials } from '../../src/find-account.ts';
import { startSimulator, type LedgerRow } from '../../src/index.ts';
import { createSecretHider } from '../../src/secret-hider.ts';
import { readFaultScript } from '../../src/faults/read-fault-script.ts';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { quietDay } from '../small-day.ts';

let account: OpenAccount | null = null;
afterEach(async () => {
  await account?.close();
  account = null;
});
const open = async (): Promise<OpenAccount> => {
  account = await openAccount(quietDay([]));
  await account.step('10:00');
  return account;
};

/** Events of the trade updates that arrive, in order, and a way to wait for all that were sent. */
const listen = async ({ simulator }: OpenAccount) => {
  const socket = new WebSocket(simulator.stream_url);
  const events: string[] = [];
  socket.on('message', (data: Buffer) => {
    const { stream, data: content } = JSON.parse(data.toString());
    if (stream === 'trade_updates') events.push(content.event);
  });
  await once(socket, 'open');
  const { key_id: key, secret_key: secret } = simulator.accounts[0]!;
  socket.send(JSON.stringify({ action: 'auth', key, secret }));
  socket.send(JSON.stringify({ action: 'listen', data: { streams: ['trade_updates'] } }));
  const settled = async (): Promise<void> => {
    socket.ping();
    await once(socket, 'pong');
  };
  await settled();
  return { socket, events, settled };
};

describe('a fault of a stream', () => {
  const cases: [string, object, object, string[]][] = [
    ['is silent and still answers pings', {}, { kind: 'silence' }, []],
    ['leaves out one frame', { nth: 1 }, { kind: 'missing' }, ['new', 'fill']],
    [
      'sends a frame twice',
      { nth: 2 },
      { kind: 'duplicate' },
      ['pending_new', 'new', 'new', 'fill'],
    ],
    ['turns two frames round', { nth: 1 }, { kind: 'reorder' }, ['new', 'pending_new', 'fill']],
    [
      'sends a frame two frames late',
      { nth: 1 },
      { kind: 'late', frames: 2 },
      ['new', 'fill', 'pending_new'],
    ],
  ];
  for (const [title, when, what, expected] of cases) {
    it(title, async () => {
      const { step, place, request } = await open();
      const { events, settled } = await listen(account!);
      expect(
        (
          await request(
            'POST',
            '/sim/faults',
            { where: { stream: 'trade_updates' }, when, what },
            {},
          )
        ).status,
      ).toBe(201);
      await place({});
      await step('10:01');
      await settled();
      expect(events).toEqual(expected);
    });
  }

  it('breaks the connection at the event that it names', async () => {
    const { step, place, request } = await open();
    const { socket, events } = await listen(account!);
    await request(
      'POST',
      '/sim/faults',
      { where: { stream: 'trade_updates', event: 'fill', symbol: 'ACME' }, what: { kind: 'drop' } },
      {},
    );
    const closed = once(socket, 'close');
    await place({});
    await step('10:01');
    await closed;
    expect(events).toEqual(['pending_new', 'new']);
  });
});

describe('a fault of the market', () => {
  it('moves all later prices, and nothing of it shows before its time', async () => {
    const { step, get, request } = await open();
    await request(
      'POST',
      '/sim/faults',
      { where: { market: 'ACME' }, when: { from: '10:05' }, what: { kind: 'gap', ratio: 0.9 } },
      {},
    );
    const last = async () => (await get('/v2/stocks/ACME/trades/latest?feed=sip')).body.trade.p;
    await step('10:05');
    expect(await last()).toBe(100);
    await step('10:06');
    expect(await last()).toBe(90);
    expect(
      (await get('/sim/ledger')).body.filter(({ kind }: { kind: string }) => kind === 'fault'),
    ).toMatchObject([{ at: '2026-03-10T14:05:00.000Z', symbol: 'ACME' }]);
  });

  it('halts, and takes the borrow away, from one minute to another', async () => {
    const { step, get, place, request, updates } = await open();
    await request(
      'POST',
      '/sim/faults',
      [
        { where: { market: 'ACME' }, when: { from: '10:01', to: '10:03' }, what: { kind: 'halt' } },
        {
          where: { market: '*' },
          when: { from: '10:01', to: '10:03' },
          what: { kind: 'borrow_withdrawn' },
        },
      ],
      {},
    );
    expect((await get('/v2/assets/ACME')).body).toMatchObject({
      shortable: true,
      easy_to_borrow: true,
    });
    await step('10:01');
    expect((await get('/v2/assets/ACME')).body).toMatchObject({
      shortable: false,
      easy_to_borrow: false,
    });
    await place({ type: 'limit', limit_price: '101' });
    await step('10:03');
    expect(updates().some(({ event }) => event === 'fill')).toBe(false);
    expect((await get('/v2/assets/ACME')).body).toMatchObject({ shortable: true });
    await step('10:04');
    expect(updates().some(({ event }) => event === 'fill')).toBe(true);
  });
});

describe('a fault of an order', () => {
  it('rejects on the stream what was accepted in the answer, and suspends another', async () => {
    const { place, order, request } = await open();
    await request(
      'POST',
      '/sim/faults',
      [
        {
          where: { orders: '*', client_order_id: 'bad-*' },
          what: { kind: 'reject', reason: 'no' },
        },
        {
          where: { orders: 'ACME' },
          when: { nth: 2 },
          what: { kind: 'status', status: 'suspended' },
        },
      ],
      {},
    );
    const bad = await place({ client_order_id: 'bad-1' });
    expect(bad).toMatchObject({ status: 200, body: { status: 'pending_new' } });
    expect((await order(bad.body.id)).status).toBe('rejected');
    const second = await place({ client_order_id: 'two' });
    expect((await order(second.body.id)).status).toBe('suspended');
  });
});

describe('a script of faults', () => {
  it('is YAML or JSON, and a mistake is told with its file, line and field', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'faults-'));
    const file = join(folder, 'faults.yaml');
    const symbols = new Set(['ACME']);
    writeFileSync(
      file,
      'faults:\n  - where: { rest: POST /v2/orders }\n    when: { nth: 2 }\n    what: { kind: hang }\n',
    );
    expect(await readFaultScript(file, symbols)).toMatchObject([
      { where: { rest: 'POST /v2/orders' }, what: { kind: 'hang', exchange: 'never_saw' } },
    ]);
    writeFileSync(
      file,
      'faults:\n  - where: { market: ACME }\n    what:\n      kind: gap\n      ratio: -1\n',
    );
    await expect(readFaultScript(file, symbols)).rejects.toThrow(
      `${file}, line 5: faults.0.what.ratio: expected more than 0, was -1`,
    );
    writeFileSync(
      file,
      'faults:\n  - where: { market: ACME }\n    what: { kind: halt }\n  - what: { kind: halt }\n    where:\n      market: NOPE\n',
    );
    await expect(readFaultScript(file, symbols)).rejects.toThrow(
      `${file}, line 6: faults.1.where.market: expected a symbol of the day (GET /v2/assets lists them) or *, was "NOPE"`,
    );
    rmSync(folder, { recursive: true });
    await expect(readFaultScript(file, symbols)).rejects.toThrow('no such file');
  });
});

describe('the ledger', () => {
  it('gives back every row, whether it is compressed or in a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
    for (const file of [null, join(folder, 'ledger.jsonl')]) {
      const ledger = createLedger(file);
      for (let index = 0; index < 3_000; index += 1)
        ledger.append('step', index * 1_000, { index, text: 'é' });
      expect(ledger.length).toBe(3_000);
      expect(ledger.after(0).map(({ seq, index }) => [seq, index])).toEqual(
        Array.from({ length: 3_000 }, (_, index) => [index + 1, index]),
      );
      expect(ledger.after(1_020, 10).map(({ seq }) => seq)).toEqual([
        1_021, 1_022, 1_023, 1_024, 1_025, 1_026, 1_027, 1_028, 1_029, 1_030,
      ]);
      ledger.close();
    }
    expect(readFileSync(join(folder, 'ledger.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(
      3_000,
    );
    expect(() => createLedger(join(folder, 'ledger.jsonl'))).toThrow('EEXIST');
    rmSync(folder, { recursive: true });
  });

  it('never holds a secret, wherever the client has put it', async () => {
    const { request } = await open();
    const { secret_key: secret } = account!.simulator.accounts[0]!;
    await request('POST', `/v2/orders?secret_key=${secret}`, {
      symbol: 'ACME',
      note: `my ${secret}`,
      nested: { password: 'hunter2' },
    });
    await request('POST', '/v2/orders', `{"broken": "${secret}`);
    const text = JSON.stringify(account!.simulator.simulation.ledger.after(0));
    expect(text).not.toContain(secret);
    expect(text).not.toContain('hunter2');
    const { value, body } = createSecretHider(['well known']);
    expect(value('{"secret_key": "abc')).toBe('{"secret_key": "[hidden]"');
    expect(
      value({ 'well known': ['a well known one', { token: 1 }], bytes: Buffer.from('well known') }),
    ).toEqual({ '[hidden]': ['a [hidden] one', { token: '[hidden]' }], bytes: '[hidden]' });
    expect(body("{'note': 'x', 'secret': 'abc'}")).toBe("{'note': 'x', 'secret[hidden]");
    expect(body({ text: 'a'.repeat(20_000) })).toHaveLength(16_384);
  });

  it('shows words as they came that hold a short secret key, and hides it where it stands alone', async () => {
    account = await openAccount(quietDay([]), {
      credentials: { key_id: 'KEY', secret_key: 'test' },
    });
    expect(
      (await account.place({ client_order_id: 'test-1', symbol: 'ACME' })).body.client_order_id,
    ).toBe('test-1');
    await account.place({ client_order_id: 'test' });
    const requests = (account.simulator.simulation.ledger.after(0) as LedgerRow[])
      .filter(({ kind }) => kind === 'request')
      .map(({ body }) => (body as { client_order_id: string }).client_order_id);
    expect(requests).toEqual(['test-1', '[hidden]']);
  });

  it.each([[{ key_id: 'KEY' }], [{ key_id: 'KEY', secret_key: '' }], [{ secret_key: 'SECRET' }]])(
    'cannot be asked to hide credentials that are not whole: %j are refused at the start',
    async (credentials) => {
      await expect(
        startSimulator({ day: quietDay([]), credentials: credentials as Credentials }),
      ).rejects.toThrow('credentials: expected a key_id and a secret_key, both not empty');
    },
  );
});
