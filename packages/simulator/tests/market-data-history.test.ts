import { afterEach, describe, expect, it } from '@jest/globals';
import { openAccount, type OpenAccount } from './open-account.ts';
import {
  at,
  bar,
  CLOSE,
  flat,
  OPEN,
  quietDay,
  security,
  smallDay,
  TRADE_DATE,
} from './small-day.ts';

let account: OpenAccount;
afterEach(() => account?.close());

const stepTo = (instant: string) => account.request('POST', '/sim/step', { to: instant });

describe('trades and quotes of the trade date', () => {
  const day = () =>
    smallDay({
      bars: {
        ACME: Array.from({ length: 60 }, (_, index) =>
          bar(OPEN + index, 100 + index, 101 + index, 100 + index, 101 + index, 5_000),
        ),
      },
    });
  const trades = async (query: string) =>
    (await account.get(`/v2/stocks/ACME/trades?${query}`)).body.trades as {
      t: string;
      p: number;
      s: number;
      i: number;
    }[];

  it('show nothing after now, not within the running minute either', async () => {
    account = await openAccount(day());
    for (const now of ['2026-03-10T13:30:00Z', '2026-03-10T13:30:20Z', '2026-03-10T13:47:41Z']) {
      await stepTo(now);
      for (const name of ['trades', 'quotes']) {
        const { body } = await account.get(`/v2/stocks/ACME/${name}?end=2026-03-11&limit=10000`);
        expect(body[name].every(({ t }: { t: string }) => Date.parse(t) <= Date.parse(now))).toBe(
          true,
        );
      }
    }
  });

  it("are a minute's bar again, at the latest price within the running one", async () => {
    account = await openAccount(day());
    await stepTo('2026-03-10T14:00:30Z');
    const printed = await trades(
      'start=2026-03-10T13:40:00.001Z&end=2026-03-10T13:41:00Z&limit=10000',
    );
    expect(printed.reduce((sum, { s }) => sum + s, 0)).toBe(5_000);
    expect([printed[0]!.p, printed.at(-1)!.p]).toEqual([110, 111]);
    const [last] = await trades('sort=desc&limit=1');
    expect(Date.parse(last!.t)).toBeGreaterThan(Date.parse('2026-03-10T14:00:00Z'));
    expect((await account.get('/v2/stocks/ACME/trades/latest')).body.trade).toEqual(last);
  });

  it('on the iex feed are those of its own exchange, and bars show a few per cent of the volume', async () => {
    account = await openAccount(day());
    await account.step('10:30');
    const { body } = await account.get('/v2/stocks/ACME/trades?feed=iex&limit=10000');
    expect(body.trades.length).toBeGreaterThan(0);
    expect(new Set(body.trades.map(({ x }: { x: string }) => x))).toEqual(new Set(['V']));
    const volume = async (feed: string): Promise<number> =>
      (await account.get(`/v2/stocks/ACME/bars?timeframe=1Day&feed=${feed}`)).body.bars[0].v;
    const share = (await volume('iex')) / (await volume('sip'));
    expect(share).toBeGreaterThan(0.019);
    expect(share).toBeLessThan(0.041);
    expect((await account.get('/v2/stocks/ACME/bars?timeframe=1Day&feed=otc')).body.bars).toEqual(
      [],
    );
  });

  it('delayed by a quarter of an hour stand where the market was then', async () => {
    account = await openAccount(day());
    await account.step('10:15');
    expect(
      (await account.get('/v2/stocks/ACME/trades/latest?feed=delayed_sip')).body.trade,
    ).toMatchObject({ t: expect.stringMatching(/^2026-03-10T13:59:59\.998\d+Z$/), p: 130 });
  });
});

describe('weeks and months', () => {
  it('start on Monday and on the first, and add up to their days', async () => {
    account = await openAccount(quietDay([]));
    await account.step('16:00');
    const bars = async (timeframe: string) =>
      (await account.get(`/v2/stocks/ACME/bars?timeframe=${timeframe}&start=2026-01-01`)).body
        .bars as { t: string; v: number; o: number; c: number }[];
    const days = await bars('1Day');
    const weeks = await bars('1Week');
    const months = await bars('1Month');
    const sum = (list: { v: number }[]): number => list.reduce((total, { v }) => total + v, 0);
    expect(sum(weeks)).toBe(sum(days));
    expect(weeks.slice(-2).map(({ t }) => t)).toEqual([
      '2026-03-02T05:00:00Z',
      '2026-03-09T04:00:00Z',
    ]);
    expect(weeks.at(-1)!.v).toBe(sum(days.slice(-2)));
    expect(months.map(({ t }) => t)).toEqual([
      '2026-01-01T05:00:00Z',
      '2026-02-01T05:00:00Z',
      '2026-03-01T05:00:00Z',
    ]);
    expect((await bars('1Month')).at(-1)!.o).toBe(99);
  });
});

describe('auctions', () => {
  it('appear once they have happened', async () => {
    account = await openAccount(
      smallDay({ bars: { ACME: [bar(OPEN, 97, 98, 97, 98), ...flat(571, CLOSE, 98)] } }),
    );
    const today = async () => (await account.get('/v2/stocks/ACME/auctions')).body.auctions;
    await account.step('09:30');
    expect(await today()).toEqual([]);
    await account.step('15:59');
    expect(await today()).toMatchObject([{ d: TRADE_DATE, o: [{ p: 97, c: 'O', x: 'Q' }], c: [] }]);
    await account.step('16:00');
    expect(await today()).toMatchObject([
      {
        o: [{ p: 97 }],
        c: [{ p: 98, c: '6', t: expect.stringMatching(/^2026-03-10T19:59:59\.998\d+Z$/) }],
      },
    ]);
  });
});

describe('movers', () => {
  it('are those of the session before until the open, then from its close, tradable ones only', async () => {
    account = await openAccount(
      smallDay({
        bars: {
          ACME: flat(OPEN, CLOSE, 110),
          BETA: flat(OPEN, CLOSE, 95),
          GAMA: flat(OPEN, CLOSE, 200),
        },
        securities: [security('ACME'), security('BETA'), security('GAMA', { tradable: false })],
      }),
    );
    const movers = async () => (await account.get('/v1beta1/screener/stocks/movers')).body;
    await account.step('09:30');
    expect(await movers()).toMatchObject({
      gainers: [],
      losers: [],
      last_updated: '2026-03-10T13:30:00Z',
    });
    await account.step('09:31');
    expect(await movers()).toMatchObject({
      gainers: [{ symbol: 'ACME', price: 110, change: 10, percent_change: 10 }],
      losers: [{ symbol: 'BETA', price: 95, change: -5, percent_change: -5 }],
    });
  });
});

describe('the basic plan', () => {
  it('gives the latest of IEX, and of all exchanges what is a quarter of an hour old', async () => {
    account = await openAccount(quietDay([]), { data_plan: 'basic' });
    await account.step('10:30');
    const bars = async (asked: string): Promise<number> =>
      (await account.get(`/v2/stocks/ACME/bars?timeframe=1Min&start=2026-03-10T14:00:00Z${asked}`))
        .body.bars.length;
    expect([
      await bars(''),
      await bars('&end=2026-03-10T14:10:00Z'),
      await bars('&feed=iex'),
    ]).toEqual([16, 11, 30]);
    const refused = {
      status: 403,
      body: { message: 'subscription does not permit querying recent SIP data' },
    };
    for (const asked of [
      'bars?timeframe=1Min&symbols=ACME&end=2026-03-10T14:20:00Z',
      'trades?symbols=ACME&feed=sip&end=2026-03-10T14:30:00Z',
      'ACME/quotes/latest?feed=sip',
      'snapshots?symbols=ACME&feed=sip',
    ]) {
      expect(await account.get(`/v2/stocks/${asked}`)).toMatchObject(refused);
    }
    expect((await account.get('/v2/stocks/ACME/trades/latest')).body.trade).toEqual(
      (await account.get('/v2/stocks/ACME/trades/latest?feed=iex')).body.trade,
    );
    expect((await account.get('/v2/stocks/ACME/trades/latest?feed=delayed_sip')).status).toBe(200);
  });

  it('has no way around it: a path in other capitals or with a slash at its end is no path, on every plan', async () => {
    for (const data_plan of ['basic', 'plus'] as const) {
      account = await openAccount(quietDay([]), { data_plan });
      await account.step('10:30');
      for (const path of [
        '/v2/stocks/trades/latest/?symbols=ACME&feed=sip',
        '/V2/stocks/ACME/trades/latest?feed=sip',
        '/v2/stocks/ACME/Trades/latest?feed=sip',
        '/v2/stocks/snapshots/?symbols=ACME&feed=sip',
        '/v2/clock/',
        '/v2/Orders',
        '/V2/account',
        '/SIM/status',
        '/sim/status/',
      ]) {
        expect([path, (await account.get(path)).status]).toEqual([path, 404]);
      }
      await account.close();
    }
  });
});

describe('corporate actions', () => {
  it('are found by the date on which they are processed: a split on its ex date, a dividend two weeks after it', async () => {
    account = await openAccount(
      quietDay([], {
        corporate_actions: [
          {
            symbol: 'ACME',
            type: 'cash_dividend',
            ex_date: '2026-03-02',
            new_rate: null,
            old_rate: null,
            cash: '0.5',
          },
          {
            symbol: 'ACME',
            type: 'forward_split',
            ex_date: '2026-03-09',
            new_rate: '2',
            old_rate: '1',
            cash: null,
          },
        ],
      }),
    );
    const found = async (span: string): Promise<unknown> =>
      (await account.get(`/v1/corporate-actions?${span}`)).body.corporate_actions;
    expect(await found('start=2026-03-02&end=2026-03-15')).toMatchObject({
      forward_splits: [{ ex_date: '2026-03-09', process_date: '2026-03-09' }],
    });
    expect(await found('start=2026-03-10&end=2026-03-16')).toMatchObject({
      cash_dividends: [
        { ex_date: '2026-03-02', payable_date: '2026-03-16', process_date: '2026-03-16' },
      ],
    });
    const announced = async (dateType: string): Promise<unknown> =>
      (
        await account.get(
          `/v2/corporate_actions/announcements?ca_types=dividend&since=2026-03-10&until=2026-03-31&date_type=${dateType}`,
        )
      ).body;
    expect(await announced('payable_date')).toMatchObject([
      { ex_date: '2026-03-02', payable_date: '2026-03-16' },
    ]);
    expect(await announced('ex_date')).toEqual([]);
  });
});

describe('portfolio history', () => {
  it('is flat before the trade date and follows the equity on it, each point stamped with the start of its window', async () => {
    account = await openAccount(quietDay([bar(601, 100, 110, 100, 110), ...flat(602, CLOSE, 110)]));
    await account.step('10:00');
    await account.place({});
    await account.step('10:04');
    const history = async (query: string) =>
      (await account.get(`/v2/account/portfolio/history?${query}`)).body;
    const minutes = await history('period=1D&timeframe=1Min');
    expect(minutes.timestamp[0] * 1_000).toBe(Date.parse(at('09:30')));
    expect(minutes.timestamp.at(-1) * 1_000).toBe(Date.parse(at('10:04')));
    const before = minutes.timestamp.indexOf(Date.parse(at('10:00')) / 1_000);
    expect(minutes.profit_loss[before - 1]).toBe(0);
    expect(minutes.profit_loss[before + 1]).toBeGreaterThan(900);
    const days = await history('period=1W&timeframe=1D');
    expect(days.equity.slice(0, -1).every((equity: number) => equity === 100_000)).toBe(true);
    expect(days.equity.at(-1)).toBe(minutes.equity.at(-1));
    expect(days.base_value_asof < '2026-03-10').toBe(true);
  });
});
