import { afterEach, describe, expect, it } from '@jest/globals';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { CLOSE, OPEN, at, bar, flat, security, smallDay } from '../small-day.ts';
import { openStream, type OpenStream } from './open-stream.ts';

let account: OpenAccount;
const streams: OpenStream[] = [];
afterEach(async () => {
  for (const { socket } of streams.splice(0)) socket.terminate();
  await account.close();
});

const article = (id: number, symbol: string, created: string, updated: string) => ({
  id,
  created_at: `2026-03-10T${created}Z`,
  updated_at: `2026-03-10T${updated}Z`,
  headline: `n${id}`,
  summary: '',
  content: '',
  author: 'a',
  source: 's',
  url: `https://news.example/${id}`,
  symbols: [symbol],
});
const wavy = (price: number) =>
  flat(OPEN, CLOSE, price).map(({ minute }) => {
    const middle = price * (1 + 0.02 * Math.sin(minute / 7));
    const [open, high, low, close] = [middle, middle * 1.004, middle * 0.996, middle * 1.001].map(
      (one) => Math.round(one * 100) / 100,
    ) as [number, number, number, number];
    return bar(minute, open, high, low, close, 8_000);
  });
const day = () =>
  smallDay({
    bars: { ACME: wavy(100), ZED: wavy(40) },
    securities: [security('ACME'), security('ZED', { exchange: 'NYSE' })],
    news: [
      article(1, 'ACME', '13:59:10', '14:03:20'),
      article(2, 'ZED', '14:03:20', '14:03:20'),
      article(3, 'ACME', '14:03:20', '14:11:00'),
    ],
    events: [
      { symbol: 'ZED', kind: 'halt', from_minute: 610, to_minute: 615 },
      { symbol: 'ACME', kind: 'wide_spread', from_minute: 612, to_minute: 620 },
    ],
  });
const ALL = ['*'];
const CHANNELS: Record<string, Record<string, string[]>[]> = {
  '/v2/sip': [
    {
      trades: ALL,
      quotes: ALL,
      bars: ALL,
      updatedBars: ALL,
      dailyBars: ALL,
      statuses: ALL,
      lulds: ALL,
      imbalances: ALL,
    },
    { trades: ['ZED'], bars: ALL, quotes: ['ACME'] },
  ],
  '/v2/delayed_sip': [
    { trades: ALL, bars: ALL, updatedBars: ALL, dailyBars: ALL },
    { bars: ['ACME'] },
  ],
  '/v2/test': [{ bars: ALL, quotes: ALL }, { trades: ALL }],
  '/v1beta1/news': [{ news: ALL }, { news: ['ZED'] }],
};

/**
 * Everything that two accounts are told between 09:59 and 10:30, by stream, where the clock stands
 * still at `stops` and at 10:00 and 10:20, when there are orders.
 */
const tell = async (stops: readonly string[]): Promise<Record<string, unknown[]>> => {
  account = await openAccount(day(), { at: '09:59', accounts: 2 });
  const told: Record<string, unknown[]> = {};
  const open: OpenStream[] = [];
  const { accounts } = account.simulator;
  for (const [index, { key_id, secret_key }] of accounts.entries()) {
    for (const path of ['/stream', ...Object.keys(CHANNELS)]) {
      const stream = await openStream(account, path, { index, msgpack: index === 1 });
      streams.push(stream);
      open.push(stream);
      stream.send({ action: 'auth', key: key_id, secret: secret_key });
      if (path === '/stream')
        stream.send({ action: 'listen', data: { streams: ['trade_updates'] } });
      else stream.send({ action: 'subscribe', ...CHANNELS[path]![index] });
      await stream.settled();
      stream.arrays.length = 0;
      Object.defineProperty(told, `${path} ${index}`, {
        enumerable: true,
        get: () => stream.arrays.flat(),
      });
    }
  }
  const kinds = [
    { kind: 'late_trade', size: 700 },
    { kind: 'correction', ratio: 0.99, after_seconds: 75 },
    { kind: 'cancel_error', after_seconds: 40 },
  ];
  await account.request(
    'POST',
    '/sim/faults',
    kinds.map((what, index) => ({
      where: { market: '*' },
      when: { from: `10:0${index + 1}` },
      what,
    })),
    {},
  );
  const place = (index: number, order: object) =>
    account.request(
      'POST',
      '/v2/orders',
      { type: 'market', time_in_force: 'day', ...order },
      {
        'APCA-API-KEY-ID': accounts[index]!.key_id,
        'APCA-API-SECRET-KEY': accounts[index]!.secret_key,
      },
    );
  const step = async (to: string): Promise<void> => {
    await account.request('POST', '/sim/step', { to }, {});
    await Promise.all(open.map(({ settled }) => settled()));
  };
  for (const stop of [
    ...stops.map((one) => (one.length === 5 ? at(one) : one)),
    ...['10:00', '10:20', '10:30'].map(at),
  ].sort()) {
    await step(stop);
    if (stop !== at('10:00') && stop !== at('10:20')) continue;
    await place(0, {
      symbol: 'ACME',
      side: 'buy',
      qty: '1500',
      order_class: 'bracket',
      take_profit: { limit_price: '102' },
      stop_loss: { stop_price: '98' },
      client_order_id: `bracket ${stop}`,
    });
    await place(1, { symbol: 'ZED', side: 'sell', qty: '900', client_order_id: `short ${stop}` });
    await place(1, {
      symbol: 'ACME',
      side: 'buy',
      qty: '10',
      type: 'trailing_stop',
      trail_percent: '1',
      client_order_id: `trail ${stop}`,
    });
  }
  return Object.fromEntries(Object.entries(told));
};

describe('however long the steps are', () => {
  it('two accounts are told the same messages in the same order on every stream', async () => {
    const whole = await tell([]);
    await account.close();
    const minutes = await tell(
      Array.from({ length: 31 }, (_, index) =>
        new Date(Date.parse(at('09:59')) + index * 60_000).toISOString(),
      ),
    );
    await account.close();
    const seconds = await tell(
      Array.from({ length: 51 }, (_, index) =>
        new Date(Date.parse(at('09:59')) + index * 37_000 + 1).toISOString(),
      ),
    );
    expect(minutes).toEqual(whole);
    expect(seconds).toEqual(whole);
    for (const [stream, told] of Object.entries(whole))
      expect([stream, told.length > 0]).toEqual([stream, true]);
    const kinds = new Set((whole['/v2/sip 0'] as { T: string }[]).map(({ T }) => T));
    expect([...kinds].sort()).toEqual(['b', 'c', 'd', 'i', 'l', 'q', 's', 't', 'u', 'x']);
  }, 60_000);
});
