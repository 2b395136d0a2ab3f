import { afterEach, describe, expect, it } from '@jest/globals';
import type { LedgerRow } from '../../src/index.ts';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { CLOSE, OPEN, flat, smallDay } from '../small-day.ts';
import { openStream, type OpenStream } from '../streams/open-stream.ts';

let account: OpenAccount;
const streams: OpenStream[] = [];
afterEach(async () => {
  for (const { socket } of streams.splice(0)) socket.terminate();
  await account.close();
});

const article = (id: number, clock: string) => ({
  id,
  created_at: `2026-03-10T${clock}Z`,
  updated_at: `2026-03-10T${clock}Z`,
  headline: `n${id}`,
  summary: '',
  content: '',
  author: 'a',
  source: 's',
  url: `https://news.example/${id}`,
  symbols: ['ACME'],
});
/** One frame a minute on either stream from 10:00 on: a bar, or an article. */
const day = () =>
  smallDay({
    bars: { ACME: flat(OPEN, CLOSE, 100) },
    news: [
      article(1, '14:00:30'),
      article(2, '14:01:30'),
      article(3, '14:02:30'),
      article(4, '14:03:30'),
    ],
  });

const STREAMS = {
  stock_data: {
    path: '/v2/sip',
    channels: { bars: ['*'] } as Record<string, string[]>,
    told: ({ t }: Record<string, string>) => Number(t!.slice(14, 16)) + 1,
  },
  news: {
    path: '/v1beta1/news',
    channels: { news: ['*'] } as Record<string, string[]>,
    told: ({ id }: Record<string, string>) => Number(id),
  },
} as const;

const follow = async (
  name: keyof typeof STREAMS,
  index = 0,
): Promise<OpenStream & { told(): number[] }> => {
  const { path, channels, told } = STREAMS[name];
  const stream = await openStream(account, path, { index });
  streams.push(stream);
  await stream.authenticate();
  await stream.subscribe(channels);
  return {
    ...stream,
    told: () =>
      stream
        .messages()
        .filter(({ T }) => T === 'b' || T === 'n')
        .map((message) => told(message)),
  };
};
const add = (stream: string, when: object, what: object, where: object = {}) =>
  account.request('POST', '/sim/faults', { where: { stream, ...where }, when, what }, {});
const ledger = async (kind: string): Promise<LedgerRow[]> =>
  ((await account.get('/sim/ledger')).body as LedgerRow[]).filter((row) => row.kind === kind);

describe.each(['stock_data', 'news'] as const)('a fault of the %s stream', (name) => {
  const cases: [string, object, object, number[]][] = [
    [
      'is silent and still answers pings',
      { from: '10:01:30', to: '10:03:30' },
      { kind: 'silence' },
      [1, 4],
    ],
    ['leaves out one frame', { nth: 2 }, { kind: 'missing' }, [1, 3, 4]],
    ['sends a frame twice', { nth: 3 }, { kind: 'duplicate' }, [1, 2, 3, 3, 4]],
    ['turns two frames round', { nth: 2 }, { kind: 'reorder' }, [1, 3, 2, 4]],
    ['does not keep the last frame for ever', { nth: 4 }, { kind: 'reorder' }, [1, 2, 3, 4]],
    ['sends a frame two frames late', { nth: 1 }, { kind: 'late', frames: 2 }, [2, 3, 1, 4]],
    ['sends a frame two minutes late', { nth: 1 }, { kind: 'late', minutes: 2 }, [2, 1, 3, 4]],
    [
      'sends a frame only at a time of the day',
      { nth: 2 },
      { kind: 'late', until: '10:04' },
      [1, 3, 2, 4],
    ],
  ];
  it.each(cases)('%s', async (_title, when, what, expected) => {
    account = await openAccount(day(), { at: '10:00' });
    const stream = await follow(name);
    expect((await add(name, when, what)).status).toBe(201);
    for (const clock of ['10:01', '10:02', '10:03', '10:04']) {
      await account.step(clock);
      await stream.settled();
    }
    stream.send({ action: 'unsubscribe', ...STREAMS[name].channels });
    await account.step('10:06');
    await stream.settled();
    expect(stream.told()).toEqual(expected);
    expect(await ledger('message')).toHaveLength(expected.length);
    const fired = await ledger('fault');
    expect(fired.length).toBe(what && 'kind' in what && what.kind === 'silence' ? 2 : 1);
    expect(fired[0]).toMatchObject({
      place: 'stream',
      stream: name,
      account_number: 'SIM000001',
      messages: 1,
    });
  });

  it('breaks the connection, and what would have followed is not written down as sent', async () => {
    account = await openAccount(day(), { at: '10:00' });
    const stream = await follow(name);
    await add(name, { nth: 2 }, { kind: 'drop' });
    await account.step('10:04');
    expect(await stream.closed).toBe(1_006);
    expect(stream.told()).toEqual([1]);
    expect(await ledger('message')).toHaveLength(1);
    const again = await follow(name);
    await account.step('10:05');
    await again.settled();
    expect(again.told()).toEqual(name === 'news' ? [] : [5]);
  });

  it('concerns one account alone', async () => {
    account = await openAccount(day(), { at: '10:00', accounts: 2 });
    const [first, second] = [await follow(name, 0), await follow(name, 1)];
    await add(name, { nth: 1 }, { kind: 'missing' }, { account: 'SIM000002' });
    await account.step('10:02');
    await Promise.all([first.settled(), second.settled()]);
    expect([first.told(), second.told()]).toEqual([[1, 2], [2]]);
  });

  it('leaves answers of the protocol alone', async () => {
    account = await openAccount(day(), { at: '10:00' });
    await add(name, {}, { kind: 'silence' });
    const stream = await follow(name);
    expect(stream.messages().map(({ T }) => T)).toEqual(['success', 'success', 'subscription']);
  });
});

describe('a fault that names an event or a symbol', () => {
  it('takes those messages out of a frame and lets the others pass', async () => {
    account = await openAccount(
      smallDay({ bars: { ACME: flat(OPEN, CLOSE, 100), ZED: flat(OPEN, CLOSE, 50) } }),
      { at: '10:00' },
    );
    const stream = await openStream(account, '/v2/sip');
    streams.push(stream);
    await stream.authenticate();
    await stream.subscribe({ trades: ['*'], bars: ['*'] });
    await add('stock_data', {}, { kind: 'missing' }, { event: 'b', symbol: 'ZED' });
    await account.step('10:02');
    await stream.settled();
    expect(stream.messages('b').map(({ S }) => S)).toEqual(['ACME', 'ACME']);
    expect(new Set(stream.messages('t').map(({ S }) => S))).toEqual(new Set(['ACME', 'ZED']));
  });
});
