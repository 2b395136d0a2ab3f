import { afterEach, describe, expect, it } from '@jest/globals';
import type { LedgerRow } from '../../src/index.ts';
import { openAccount, type OpenAccount } from '../open-account.ts';
import { CLOSE, OPEN, bar, smallDay } from '../small-day.ts';
import { openStream, type OpenStream } from '../streams/open-stream.ts';

let account: OpenAccount;
const streams: OpenStream[] = [];
afterEach(async () => {
  for (const { socket } of streams.splice(0)) socket.terminate();
  await account.close();
});

/** Every minute opens and closes at 100 and reaches 103 and 97. */
const open = async (): Promise<OpenStream> => {
  account = await openAccount(
    smallDay({
      bars: {
        ACME: Array.from({ length: CLOSE - OPEN }, (_, index) =>
          bar(OPEN + index, 100, 103, 97, 100),
        ),
      },
    }),
    { at: '10:00', exchange: { impact_ratio: 0 } },
  );
  const stream = await openStream(account, '/v2/sip');
  streams.push(stream);
  await stream.authenticate();
  await stream.subscribe({ trades: ['*'], quotes: ['*'], bars: ['*'], statuses: ['*'] });
  return stream;
};
const add = async (what: object, when: object = { from: '10:05', to: '10:08' }): Promise<void> => {
  expect(
    (
      await account.request(
        'POST',
        '/sim/faults',
        { id: 'one', where: { market: 'ACME' }, when, what },
        {},
      )
    ).status,
  ).toBe(201);
};
const step = async (stream: OpenStream, clock: string): Promise<void> => {
  await account.step(clock);
  await stream.settled();
};
const quote = async () =>
  (await account.get('/v2/stocks/ACME/quotes/latest')).body.quote as {
    bp: number;
    ap: number;
    t: string;
  };
const spread = ({ bp, ap }: Record<string, number>) => Math.round((ap! - bp!) * 100) / 100;
const fills = () =>
  account
    .updates()
    .flatMap(({ event, price, timestamp }) =>
      event === 'fill' ? [{ price: Number(price), minute: timestamp.slice(11, 16) }] : [],
    );
const faults = async () =>
  ((await account.get('/sim/ledger')).body as LedgerRow[]).filter(({ kind }) => kind === 'fault');
const at = (minute: number) => `2026-03-10T14:${String(minute).padStart(2, '0')}:00Z`;

describe('a fault of the market is seen alike by REST, by the streams and by orders, and once in the ledger:', () => {
  it('a wide spread, from the minute in which it begins to the one in which it ends', async () => {
    const stream = await open();
    await add({ kind: 'wide_spread' });
    await step(stream, '10:04');
    expect(spread((await quote()) as never)).toBe(0.04);
    await step(stream, '10:05');
    expect(spread((await quote()) as never)).toBe(2);
    await account.place({});
    await step(stream, '10:08');
    expect(spread((await quote()) as never)).toBe(0.04);
    const wide = stream
      .messages('q')
      .filter((message) => spread(message) > 1)
      .map(({ t }) => Date.parse(t));
    expect([Math.min(...wide), Math.max(...wide) < Date.parse(at(8))]).toEqual([
      Date.parse(at(5)),
      true,
    ]);
    expect(
      stream
        .messages('q')
        .filter(
          ({ t }) =>
            Date.parse(t) >= Date.parse(at(5)) && Date.parse(t) < Date.parse(at(8)) && t !== at(8),
        ),
    ).toHaveLength(wide.length);
    const past = (
      await account.get(`/v2/stocks/ACME/quotes?start=${at(4)}&end=${at(9)}&limit=10000`)
    ).body.quotes as (Record<string, number> & { t: string })[];
    expect(past.filter((one) => spread(one) > 1).map(({ t }) => Date.parse(t))).toEqual(wide);
    expect(fills()).toEqual([{ price: expect.any(Number), minute: '14:06' }]);
    expect(fills()[0]!.price).toBeGreaterThan(101);
    expect(await faults()).toMatchObject([
      {
        id: 'one',
        symbol: 'ACME',
        at: '2026-03-10T14:05:00.000Z',
        from: at(5).replace('Z', '.000Z'),
      },
    ]);
  });

  it('a halt: told as it begins and ends, without a trade, a quote, a bar or a fill between', async () => {
    const stream = await open();
    await add({ kind: 'halt' });
    await step(stream, '10:05');
    await account.place({ type: 'limit', limit_price: '101' });
    expect((await account.place({})).body.message).toContain('trading halt');
    const before = await quote();
    await step(stream, '10:07');
    expect(await quote()).toEqual(before);
    expect(fills()).toEqual([]);
    expect((await account.get('/v2/stocks/ACME/trades/latest')).body.trade.t < at(5)).toBe(true);
    await step(stream, '10:10');
    expect(
      stream.messages('s').map(({ sc, rc, t }) => [sc, rc, t.replace(/\.000\d+/, '')]),
    ).toEqual([
      ['P', 'LUDP', at(5)],
      ['T', '', at(8)],
    ]);
    const inside = (t: string) =>
      Date.parse(t) > Date.parse(at(5)) && Date.parse(t) < Date.parse(at(8));
    expect(stream.messages().filter(({ T, t }) => 'tq'.includes(T) && inside(t))).toEqual([]);
    expect(stream.messages('b').map(({ t }) => t)).toEqual([0, 1, 2, 3, 4, 8, 9].map(at));
    expect(
      (await account.get(`/v2/stocks/ACME/bars?timeframe=1Min&start=${at(0)}`)).body.bars.map(
        ({ t }: { t: string }) => t,
      ),
    ).toEqual([0, 1, 2, 3, 4, 8, 9].map(at));
    expect(fills().map(({ minute }) => minute)).toEqual(['14:09']);
    expect(await faults()).toMatchObject([{ id: 'one', at: '2026-03-10T14:05:00.000Z' }]);
  });

  it('a halt that begins at once, and ends when it is taken away', async () => {
    const stream = await open();
    await step(stream, '10:05');
    await add({ kind: 'halt' }, {});
    await step(stream, '10:06');
    expect(stream.messages('s')).toMatchObject([
      { sc: 'H', rc: 'T1', t: expect.stringMatching(/^2026-03-10T14:05:00\.001\d+Z$/) },
    ]);
    await account.request('DELETE', '/sim/faults/one', undefined, {});
    await step(stream, '10:07');
    expect(stream.messages('s')[1]).toMatchObject({
      sc: 'T',
      t: expect.stringMatching(/^2026-03-10T14:06:00\.001\d+Z$/),
    });
    expect(stream.messages('b').map(({ t }) => t)).toEqual([0, 1, 2, 3, 4, 6].map(at));
  });

  it('a gap: every later price, and the stop that it jumps over', async () => {
    const stream = await open();
    await account.place({});
    await step(stream, '10:01');
    const stop = await account.place({ side: 'sell', type: 'stop', stop_price: '96' });
    await add({ kind: 'gap', ratio: 0.95 }, { from: '10:05' });
    await step(stream, '10:05');
    expect((await quote()).bp).toBe(99.98);
    await step(stream, '10:06');
    expect(await quote()).toMatchObject({ bp: 94.98, ap: 95.02 });
    expect((await account.get('/v2/stocks/ACME/snapshot')).body).toMatchObject({
      latestTrade: { p: 95 },
      minuteBar: { o: 95, c: 95 },
      dailyBar: { h: 103, c: 95 },
    });
    const prices = (message: Record<string, number>) =>
      [message.p, message.bp, message.c].filter((price) => typeof price === 'number');
    const later = stream
      .messages()
      .filter(
        ({ T, t }) =>
          ('tq'.includes(T) && Date.parse(t) > Date.parse(at(5))) || (T === 'b' && t === at(5)),
      );
    expect(Math.max(...later.flatMap((message) => prices(message as never)))).toBeLessThanOrEqual(
      97.85,
    );
    expect((await account.order(stop.body.id)).status).toBe('filled');
    expect(Number((await account.order(stop.body.id)).filled_avg_price)).toBeLessThan(95.01);
    expect((await account.get('/v2/account')).body.equity).not.toBe('100000');
    expect(await faults()).toMatchObject([{ id: 'one', at: '2026-03-10T14:05:00.000Z' }]);
  });

  it('a borrow that is withdrawn: the asset says so and short sales are refused, while longs, positions and the streams go on', async () => {
    const stream = await open();
    const short = { side: 'sell', qty: '10' };
    expect((await account.place(short)).status).toBe(200);
    await step(stream, '10:01');
    await add({ kind: 'borrow_withdrawn' });
    await step(stream, '10:05');
    expect((await account.get('/v2/assets/ACME')).body).toMatchObject({
      shortable: false,
      easy_to_borrow: false,
      tradable: true,
    });
    expect(await account.place(short)).toMatchObject({ status: 422, body: { code: 42210000 } });
    expect((await account.get('/v2/positions/ACME')).body.qty).toBe('-10');
    expect((await account.place({ side: 'buy', qty: '10' })).status).toBe(200);
    await step(stream, '10:08');
    expect(stream.messages('b')).toHaveLength(8);
    expect((await account.get('/v2/assets/ACME')).body).toMatchObject({
      shortable: true,
      easy_to_borrow: true,
    });
    expect((await account.place(short)).status).toBe(200);
    expect(await faults()).toMatchObject([
      { id: 'one', at: '2026-03-10T14:05:00.000Z', what: { kind: 'borrow_withdrawn' } },
    ]);
  });

  it('orders for the day only: the asset looks as before, every other time in force is refused, exits of longs and replacements too, until it ends', async () => {
    const stream = await open();
    await account.place({});
    const resting = await account.place({ type: 'limit', limit_price: '90' });
    await step(stream, '10:01');
    await add({ kind: 'day_orders_only' });
    const stop = (time_in_force: string) => ({
      side: 'sell',
      type: 'stop',
      stop_price: '96',
      time_in_force,
    });
    await step(stream, '10:05');
    expect((await account.get('/v2/assets/ACME')).body).toMatchObject({
      shortable: true,
      easy_to_borrow: true,
      borrow_status: 'easy_to_borrow',
    });
    const refused = {
      status: 422,
      body: {
        code: 42210000,
        message: 'only day orders are allowed for hard-to-borrow asset "ACME"',
      },
    };
    expect(await account.place(stop('gtc'))).toMatchObject(refused);
    for (const time_in_force of ['gtc', 'ioc', 'fok', 'opg', 'cls'])
      expect(
        await account.place({ type: 'limit', limit_price: '90', time_in_force }),
      ).toMatchObject(refused);
    expect(
      await account.request('PATCH', `/v2/orders/${resting.body.id}`, { time_in_force: 'gtc' }),
    ).toMatchObject(refused);
    await account.request('DELETE', `/v2/orders/${resting.body.id}`);
    const kept = await account.place(stop('day'));
    expect(kept.status).toBe(200);
    await account.request('DELETE', `/v2/orders/${kept.body.id}`);
    await step(stream, '10:08');
    expect(
      (await account.place({ type: 'limit', limit_price: '90', time_in_force: 'gtc' })).status,
    ).toBe(200);
    expect(await faults()).toMatchObject([
      { id: 'one', at: '2026-03-10T14:05:00.000Z', what: { kind: 'day_orders_only' } },
    ]);
  });
});
