import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeAll, afterAll, describe, expect, it } from '@jest/globals';
import { importDay, type Day } from '../src/day/index.ts';
import { readLeanDaily } from '../src/day/lean/read-lean.ts';
import { openAccount, type OpenAccount } from './open-account.ts';

const root = join(import.meta.dirname, '../../..');
const barsDir = join(resolve(root, process.env.REFERENCE_DATA ?? '../shared/data'), 'bars');
const withReference = existsSync(barsDir) ? describe : describe.skip;
if (!existsSync(barsDir))
  process.stderr.write(
    'left out: replays of days imported from real bars, REFERENCE_DATA is not there\n',
  );

let folder = '';
let account: OpenAccount;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imported-replays-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => account.close());

const days = new Map<string, Promise<Day>>();
const replay = async (tradeDate: string, symbol: string): Promise<Day> => {
  const out_dir = join(folder, `${tradeDate}-${symbol}`);
  const imported =
    days.get(out_dir) ??
    importDay({ bars_dir: barsDir, trade_date: tradeDate, symbols: [symbol], out_dir });
  days.set(out_dir, imported);
  account = await openAccount((await imported).dir);
  return imported;
};
const minuteBars = async (symbol: string, extra = '') =>
  (await account.get(`/v2/stocks/${symbol}/bars?timeframe=1Min&limit=10000${extra}`)).body.bars;

withReference('a replay of real bars', () => {
  it.each([
    ['2014-06-06', 'AAPL'],
    ['2014-06-09', 'AAPL'],
    ['2013-10-07', 'SPY'],
    ['2013-10-07', 'BAC'],
  ])(
    'of %s serves %s minute by minute: each bar once it is over, none before',
    async (date, symbol) => {
      const day = await replay(date, symbol);
      const bars = day.minute_bars.get(symbol)!;
      const { simulation } = account.simulator;
      const { time } = simulation.market;
      const query = {
        timeframe: { unit: 'minute', minutes: 1 },
        end_ms: time.startOf(1_440),
        adjustment: 'raw',
        sort: 'asc',
        limit: 10_000,
        beyond_ms: null,
      } as const;
      for (let minute = 240; minute <= 1_200; minute += 1) {
        simulation.stepTo(time.startOf(minute));
        // a bar that came too early is among the last; that none was lost is seen at the end
        const from = minute - 5;
        const start_ms = time.startOf(from);
        const known = simulation.bars.of(symbol, { ...query, start_ms }, simulation.now());
        const over = bars.filter((one) => one.minute >= from && one.minute < minute);
        expect(known.length).toBe(over.length);
      }
      const served = await minuteBars(symbol);
      expect(served.map(({ o, h, l, c, v }: Record<string, number>) => [o, h, l, c, v])).toEqual(
        bars.map(({ open, high, low, close, volume }) => [open, high, low, close, volume]),
      );
    },
  );

  it.each([
    ['2014-06-05', 'AAPL'],
    ['2014-06-06', 'AAPL'],
    ['2014-06-09', 'AAPL'],
    ['2013-10-04', 'SPY'],
    ['2013-10-07', 'SPY'],
    ['2013-10-08', 'SPY'],
    ['2013-10-04', 'BAC'],
    ['2013-10-07', 'BAC'],
    ['2013-10-08', 'BAC'],
    ['2015-12-24', 'GOOG'],
  ])(
    'of %s lets one buy and sell %s within the prices of the minutes, and is stepped to its end',
    async (date, symbol) => {
      const day = await replay(date, symbol);
      const barOf = (minute: number) =>
        day.minute_bars.get(symbol)!.find((one) => one.minute === minute)!;
      const stepTo = (to: string) => account.request('POST', '/sim/step', { to });
      await stepTo('09:35');
      const bought = await account.place({ symbol, qty: '10' });
      await stepTo('09:36');
      const entry = await account.order(bought.body.id);
      expect(entry).toMatchObject({ status: 'filled', filled_qty: '10' });
      expect((await account.get(`/v2/positions/${symbol}`)).body).toMatchObject({
        qty: '10',
        side: 'long',
      });
      await stepTo('11:00');
      const sold = await account.place({ symbol, qty: '10', side: 'sell' });
      await stepTo('11:01');
      const exit = await account.order(sold.body.id);
      expect(exit).toMatchObject({ status: 'filled', filled_qty: '10' });
      expect((await account.get('/v2/positions')).body).toEqual([]);
      // the fill model's spread is a few hundredths of a per cent around what was traded
      for (const [order, minute] of [
        [entry, 575],
        [exit, 660],
      ]) {
        expect(Number(order.filled_avg_price)).toBeGreaterThan(barOf(minute).low * 0.999);
        expect(Number(order.filled_avg_price)).toBeLessThan(barOf(minute).high * 1.001);
      }
      await stepTo('20:00');
      const { cash, equity } = (await account.get('/v2/account')).body;
      expect(Number(cash)).toBeCloseTo(
        100_000 + 10 * (Number(exit.filled_avg_price) - Number(entry.filled_avg_price)),
        2,
      );
      expect(equity).toBe(cash);
    },
  );

  it('of 2014-06-09 shows no gap where Apple split seven for one', async () => {
    await replay('2014-06-09', 'AAPL');
    await account.request('POST', '/sim/step', { to: '2014-06-09T20:00:00Z' });
    const { bars } = (
      await account.get('/v2/stocks/AAPL/bars?timeframe=1Day&start=2014-06-06&adjustment=split')
    ).body;
    expect(bars).toMatchObject([
      { t: '2014-06-06T04:00:00Z', c: 92.2243 },
      { t: '2014-06-09T04:00:00Z', o: 92.69 },
    ]);
    expect(bars[1].o / bars[0].c - 1).toBeCloseTo(0.005, 3);
    expect(
      (
        await account.get(
          '/v2/stocks/AAPL/bars?timeframe=1Day&start=2014-06-06&end=2014-06-06T12:00:00Z',
        )
      ).body.bars,
    ).toMatchObject([{ c: 645.57 }]);
    const fiveMinutes = (
      await account.get(
        '/v2/stocks/AAPL/bars?timeframe=5Min&start=2014-06-06T13:30:00Z&end=2014-06-06T19:59:00Z&adjustment=split',
      )
    ).body.bars;
    expect(fiveMinutes).toHaveLength(78);
    expect(fiveMinutes.at(-1).c).toBe(92.2243);
  });

  it("of 2014-06-09 ends with the vendor's daily bar", async () => {
    await replay('2014-06-09', 'AAPL');
    await account.request('POST', '/sim/step', { to: '2014-06-10T00:00:00Z' });
    const [vendor] = (await readLeanDaily(
      { daily: join(barsDir, 'daily') },
      'AAPL',
      '2014-06-09',
      '2014-06-10',
    ))!;
    expect((await account.get('/v2/stocks/AAPL/bars?timeframe=1Day')).body.bars).toMatchObject([
      { o: vendor!.open, h: vendor!.high, l: vendor!.low, v: vendor!.volume },
    ]);
  });

  it('of 2015-12-24 closes at 13:00', async () => {
    await replay('2015-12-24', 'GOOG');
    await account.request('POST', '/sim/step', { to: '2015-12-24T17:59:00Z' });
    const open = await account.place({
      symbol: 'GOOG',
      qty: '1',
      type: 'limit',
      limit_price: '100',
    });
    expect((await account.get('/v2/clock')).body).toMatchObject({
      is_open: true,
      next_close: '2015-12-24T13:00:00-05:00',
      next_open: '2015-12-28T09:30:00-05:00',
    });
    await account.request('POST', '/sim/step', { to: '2015-12-24T18:00:00Z' });
    expect((await account.get('/v2/clock')).body.is_open).toBe(false);
    expect((await account.order(open.body.id)).status).toBe('expired');
    expect((await account.get('/v2/calendar?start=2015-12-24&end=2015-12-25')).body).toMatchObject([
      { date: '2015-12-24', close: '13:00', session_close: '1700' },
    ]);
  });
});
