import { streaming } from '@alpacahq/alpaca-trade-api';
import { describe, expect, it } from '@jest/globals';
import { flat, quietDay, smallDay } from '../../small-day.ts';
import { testTape, told } from './followed-tape.ts';

const { start, stops, follow, step } = testTape();

describe('a fault of the tape', () => {
  it('waits for the first minute with a trade, happens once for each symbol, and is a row of the ledger', async () => {
    const account = await start(
      smallDay({ bars: { ACME: flat(606, 620, 100), ZED: flat(608, 620, 50) } }),
      { at: '10:04' },
    );
    const stream = await follow();
    await account.request(
      'POST',
      '/sim/faults',
      [
        {
          id: 'late',
          where: { market: '*' },
          when: { from: '10:05', to: '10:15' },
          what: { kind: 'late_trade' },
        },
        {
          id: 'none',
          where: { market: 'ZED' },
          when: { to: '10:08' },
          what: { kind: 'correction', ratio: 2 },
        },
      ],
      {},
    );
    await step(stream, '20:00');
    expect(told(stream, 'u').map(({ S, t, v }) => [S, t, v])).toEqual([
      ['ACME', '2026-03-10T14:06:00Z', 10_100],
      ['ZED', '2026-03-10T14:08:00Z', 10_100],
    ]);
    expect(told(stream, 'c')).toEqual([]);
    const rows = (await account.get('/sim/ledger')).body.filter(
      ({ kind }: { kind: string }) => kind === 'fault',
    );
    const ids = told(stream, 't')
      .filter(({ x, t }) => x === 'D' && t.includes(':59.999'))
      .map(({ i }) => i);
    expect(rows).toMatchObject([
      {
        id: 'late',
        at: '2026-03-10T14:07:00.000Z',
        symbol: 'ACME',
        minute: '2026-03-10T14:06:00Z',
        trade_id: ids[0],
        told_at: '2026-03-10T14:07:04Z',
      },
      { id: 'late', at: '2026-03-10T14:09:00.000Z', symbol: 'ZED', trade_id: ids[1] },
    ]);
    expect((await account.get('/sim/faults')).body).toMatchObject([{ fired: 2 }, { fired: 0 }]);
  });

  it('gives each trade of a minute an id of its own, in whatever order faults hit it', async () => {
    const account = await start(quietDay([]), { at: '10:04' });
    const stream = await follow();
    const faults = ['late_trade', 'correction', 'cancel_error', 'late_trade', 'correction'].map(
      (kind) => ({
        where: { market: 'ACME' },
        what: { kind, ...(kind === 'correction' ? { ratio: 1.01 } : {}) },
      }),
    );
    await account.request('POST', '/sim/faults', faults, {});
    await step(stream, '07:00');
    const all = (await account.get('/v2/stocks/ACME/trades?limit=10000')).body.trades as {
      i: number;
      u?: string;
    }[];
    expect(new Set(all.map(({ i }) => i)).size).toBe(all.length);
    expect(all.flatMap(({ u }) => u ?? []).sort()).toEqual([
      'canceled',
      'corrected',
      'corrected',
      'incorrect',
      'incorrect',
    ]);
    expect(told(stream, 'u')).toMatchObject([{ v: 10_200, n: 102 }]);
    expect(told(stream, 'c')).toHaveLength(2);
  });

  it('reaches the delayed feed a quarter of an hour later, and IEX only where IEX has printed', async () => {
    const account = await start(quietDay([]), { at: '10:04' });
    const [delayed, iex] = [await follow('/v2/delayed_sip'), await follow('/v2/iex')];
    await account.request(
      'POST',
      '/sim/faults',
      [
        { where: { market: 'ACME' }, what: { kind: 'late_trade', size: 5_000 } },
        { where: { market: 'ACME' }, what: { kind: 'cancel_error' } },
      ],
      {},
    );
    await step(delayed, '19:00');
    const snapshot = async () =>
      (await account.get('/v2/stocks/ACME/bars/latest?feed=delayed_sip')).body.bar;
    await step(delayed, '20:00');
    expect(await snapshot()).toMatchObject({ t: '2026-03-10T14:04:00Z', v: 10_000 });
    await step(delayed, '20:30');
    expect(await snapshot()).toMatchObject({ t: '2026-03-10T14:04:00Z', v: 15_000 });
    expect(told(delayed, 'u', 'x').map(({ T }) => T)).toEqual(['x', 'u']);
    await iex.settled();
    expect(told(iex, 't').every(({ x }) => x === 'V')).toBe(true);
    expect(told(iex, 'u')).toHaveLength(1);
  });

  it("is heard by Alpaca's own client", async () => {
    const account = await start(quietDay([]), { at: '10:04' });
    const { data_stream_url: url, accounts } = account.simulator;
    const stocks = new streaming.StockDataStream({
      credentials: { keyId: accounts[0]!.key_id, secret: accounts[0]!.secret_key },
      url,
      pingIntervalMs: 0,
      reconnectJitter: 0,
    });
    stops.push(() => stocks.disconnect());
    const heard: unknown[] = [];
    stocks.onUpdatedBar(({ volume }) => heard.push(['updated', volume]));
    stocks.onCorrection(({ originalPrice, correctedPrice }) =>
      heard.push(['correction', originalPrice, correctedPrice]),
    );
    stocks.onCancelError(({ price, action }) => heard.push(['canceled', price, action]));
    stocks.subscribeForTrades(['ACME']);
    stocks.subscribeForUpdatedBars(['ACME']);
    const listening = new Promise((resolve) => stocks.on('subscription', resolve));
    stocks.connect();
    await listening;
    await account.request(
      'POST',
      '/sim/faults',
      [
        { kind: 'late_trade' },
        { kind: 'correction', ratio: 0.9 },
        { kind: 'cancel_error', after_seconds: 15 },
      ].map((what) => ({ where: { market: 'ACME' }, what })),
      {},
    );
    await account.step('10:06');
    while (heard.length < 3) await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual([
      ['correction', 100, 90],
      ['canceled', 100, 'C'],
      ['updated', 10_100],
    ]);
  });
});
