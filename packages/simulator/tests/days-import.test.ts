import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { importDay, loadDay, type Day, type DayBar } from '../src/day/index.ts';
import { readLeanDaily } from '../src/day/lean/read-lean.ts';
import { refuseStraddlingBars } from '../src/day/refuse-straddling-bars.ts';

const barsDir = resolve(
  import.meta.dirname,
  '../../..',
  process.env.REFERENCE_DATA ?? '../shared/data',
  'bars',
);
const withReference = existsSync(barsDir) ? describe : describe.skip;
if (!existsSync(barsDir))
  process.stderr.write('left out: days imported from real bars, REFERENCE_DATA is not there\n');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imported-days-'));
});
afterAll(() => rm(folder, { recursive: true }));

const days = new Map<string, Promise<Day>>();
const load = async (tradeDate: string, symbols: string[]): Promise<Day> => {
  const dir = join(folder, `${tradeDate}-${symbols.join('-')}`);
  await importDay({ bars_dir: barsDir, trade_date: tradeDate, symbols, out_dir: dir });
  return loadDay(dir);
};
const imported = (tradeDate: string, ...symbols: string[]): Promise<Day> => {
  const key = `${tradeDate} ${symbols.join(' ')}`;
  const found = days.get(key) ?? load(tradeDate, symbols);
  days.set(key, found);
  return found;
};
const nextDay = (date: string): string =>
  new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
const regular = (day: Day, symbol: string): DayBar[] => {
  const [hour = 0, minute = 0] = (
    day.calendar.find((session) => session.date === day.trade_date)?.close ?? ''
  )
    .split(':')
    .map(Number);
  return (day.minute_bars.get(symbol) ?? []).filter(
    (bar) => bar.minute >= 570 && bar.minute < hour * 60 + minute,
  );
};

withReference('a day imported from real bars', () => {
  it.each([
    ['2014-06-05', 'AAPL', 686, 390],
    ['2014-06-06', 'AAPL', 783, 390],
    ['2014-06-09', 'AAPL', 833, 390],
    ['2013-10-04', 'SPY', 711, 390],
    ['2013-10-07', 'SPY', 828, 390],
    ['2013-10-08', 'SPY', 828, 390],
    ['2013-10-04', 'BAC', 517, 390],
    ['2013-10-07', 'BAC', 595, 390],
    ['2013-10-08', 'BAC', 573, 390],
    ['2015-12-24', 'GOOG', 227, 210],
  ])(
    'of %s holds every minute of %s: %i bars, %i of them in regular hours',
    async (date, symbol, all, inSession) => {
      const day = await imported(date, symbol);
      expect([day.minute_bars.get(symbol)?.length, regular(day, symbol).length]).toEqual([
        all,
        inSession,
      ]);
      expect([
        day.kind,
        day.daily_bars.get(symbol)?.length,
        day.daily_bars.get(symbol)?.at(-1)?.date,
      ]).toEqual([
        'imported',
        252,
        day.calendar.filter((session) => session.date < date).at(-1)?.date,
      ]);
    },
  );

  // The vendor's daily bars leave out a few late or odd-lot prints: high and low may differ by two
  // cents, Google's thin half day by 0.04 %.
  it.each([
    ['2014-06-05', 'AAPL', 0.02, 0],
    ['2014-06-06', 'AAPL', 0.02, 0],
    ['2014-06-09', 'AAPL', 0.02, 0],
    ['2013-10-04', 'SPY', 0.02, 0],
    ['2013-10-07', 'SPY', 0.02, 0],
    ['2013-10-08', 'SPY', 0.02, 0],
    ['2013-10-04', 'BAC', 0.02, 0],
    ['2013-10-07', 'BAC', 0.02, 0],
    ['2013-10-08', 'BAC', 0.02, 0],
    ['2015-12-24', 'GOOG', 0.3, 0.009],
  ])(
    "of %s adds up to the vendor's daily bar of %s (prices within $%d, volume within a ratio of %d)",
    async (date, symbol, cents, volumeRatio) => {
      const bars = regular(await imported(date, symbol), symbol);
      const [vendor] = (await readLeanDaily(
        { daily: join(barsDir, 'daily') },
        symbol,
        date,
        nextDay(date),
      ))!;
      expect(vendor?.date).toBe(date);
      const high = Math.max(...bars.map((bar) => bar.high));
      const low = Math.min(...bars.map((bar) => bar.low));
      const volume = bars.reduce((sum, bar) => sum + bar.volume, 0);
      expect(bars[0]?.open).toBe(vendor?.open);
      for (const [was, expected] of [
        [high, vendor?.high],
        [low, vendor?.low],
        [bars.at(-1)?.close, vendor?.close],
      ])
        expect(Math.abs((was ?? 0) - (expected ?? 0))).toBeLessThanOrEqual(cents + 1e-9);
      expect(Math.abs(volume / (vendor?.volume ?? 0) - 1)).toBeLessThanOrEqual(volumeRatio);
    },
  );

  it("has Apple's 7:1 split of 2014-06-09 as a corporate action, and dividends with the dates and amounts that were paid", async () => {
    const day = await imported('2014-06-09', 'AAPL');
    expect(day.corporate_actions.at(-1)).toEqual({
      symbol: 'AAPL',
      type: 'forward_split',
      ex_date: '2014-06-09',
      new_rate: '7',
      old_rate: '1',
      cash: null,
    });
    expect(day.corporate_actions.at(-2)).toEqual({
      symbol: 'AAPL',
      type: 'cash_dividend',
      ex_date: '2014-05-08',
      new_rate: null,
      old_rate: null,
      cash: '3.2900',
    });
  });

  it('leaves out the bar that straddles the split and says why, so that no gap appears that was none', async () => {
    const day = await imported('2014-06-09', 'AAPL');
    expect(day.refused_bars).toEqual([
      {
        symbol: 'AAPL',
        minute: 240,
        open: 645.57,
        high: 645.57,
        low: 92.23,
        close: 92.42,
        volume: 600,
        reason: 'open and high in dollars from before the 7:1 split of 2014-06-09',
      },
    ]);
    const [first] = day.minute_bars.get('AAPL') ?? [];
    expect(first?.minute).toBe(241);
    const yesterday = (day.daily_bars.get('AAPL')?.at(-1)?.close ?? 0) / 7;
    expect((regular(day, 'AAPL')[0]?.open ?? 0) / yesterday - 1).toBeCloseTo(0.005, 3);
    for (const bar of day.minute_bars.get('AAPL') ?? [])
      expect(bar.high / bar.low).toBeLessThan(1.02);
  });

  it('closes at 13:00 on Christmas Eve', async () => {
    const day = await imported('2015-12-24', 'GOOG');
    expect(day.calendar.find((session) => session.date === '2015-12-24')).toEqual({
      date: '2015-12-24',
      open: '09:30',
      close: '13:00',
    });
    const minutes = (day.minute_bars.get('GOOG') ?? []).map((bar) => bar.minute);
    expect(minutes.filter((minute) => minute >= 570 && minute < 780)).toHaveLength(210);
    // The source prints on after the early close: 14 more minutes until 16:00, which are
    // after-hours trades of that day.
    expect(minutes.filter((minute) => minute >= 570 && minute < 960)).toHaveLength(224);
  });

  it('takes its volume profile from the minutes before where there are some, else from the usual curve, and says which', async () => {
    const apple = await imported('2014-06-09', 'AAPL');
    expect(apple.notes).toContain('AAPL: volume profile is the mean of 2014-06-05, 2014-06-06.');
    expect(apple.volume_profile.get('AAPL')?.reduce((sum, volume) => sum + volume, 0)).toBeCloseTo(
      (10_850_763 + 12_518_331) / 2,
      0,
    );
    const google = await imported('2015-12-24', 'GOOG');
    expect(google.notes.at(-1)).toContain('the source has no earlier minutes');
    const mean =
      (google.daily_bars.get('GOOG') ?? []).slice(-20).reduce((sum, bar) => sum + bar.volume, 0) /
      20;
    const inSession =
      google.volume_profile
        .get('GOOG')
        ?.slice(570, 960)
        .reduce((sum, volume) => sum + volume, 0) ?? 0;
    expect(inSession / mean).toBeCloseTo(1, 3);
  });

  it('knows the listing exchange', async () => {
    const day = await imported('2013-10-07', 'SPY', 'BAC');
    expect(day.securities.map((security) => [security.symbol, security.exchange])).toEqual([
      ['BAC', 'NYSE'],
      ['SPY', 'ARCA'],
    ]);
  });

  it.each([
    [
      '2014-06-08',
      ['AAPL'],
      "trade_date must be a trading day of the exchange's calendar, was 2014-06-08",
    ],
    ['someday', ['AAPL'], 'trade_date must be a date such as 2026-03-10, was "someday"'],
    ['2014-06-06', [], 'symbols must name at least one'],
    ['2014-06-06', ['../x'], 'symbols must be tickers such as AAPL or BRK.B, was "../X"'],
    ['2014-06-10', ['AAPL'], '20140610_trade.zip: expected the minute bars of AAPL, was missing'],
  ])('is refused for %s of %j: %s', async (trade_date, symbols, message) => {
    await expect(
      importDay({ bars_dir: barsDir, trade_date, symbols, out_dir: join(folder, 'never') }),
    ).rejects.toThrow(message);
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });
});

describe("a vendor's file with a bad row", () => {
  it.each([
    [
      '34200000,100000,90000,95000,98000,10',
      'line 1, column high: expected at least the low 9.5, was 9',
    ],
    [
      '34200000,100000,110000,95000,98000,10\n34200000,100000,110000,95000,98000,10',
      'line 2, column time: expected a minute after 34200000, the one before it, was 34200000',
    ],
    [
      '34200001,100000,110000,95000,98000,10',
      'line 1, column time: expected milliseconds since midnight, whole minutes, was 34200001',
    ],
    [
      '34200000,100000,110000,95000,9.8,10',
      'line 1, column close: expected a whole number, was "9.8"',
    ],
    ['34200000,100000', 'line 1: expected 6 cells'],
  ])('is refused with file, line and reason: %s', async (rows, message) => {
    const dir = join(folder, 'lean');
    mkdirSync(join(dir, 'minute/xyz'), { recursive: true });
    writeFileSync(
      join(dir, 'minute/xyz/20140606_trade.zip'),
      zipSync({ '20140606_xyz_minute_trade.csv': strToU8(rows) }),
    );
    await expect(
      importDay({
        bars_dir: dir,
        trade_date: '2014-06-06',
        symbols: ['XYZ'],
        out_dir: join(folder, 'never'),
      }),
    ).rejects.toThrow(`20140606_trade.zip, ${message}`);
  });
});

describe('bars around a split', () => {
  const bar = (minute: number, price: number) => ({
    minute,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: 1,
  });

  it("are kept in today's dollars and left out in yesterday's, whichever way the split goes", () => {
    const forward = {
      symbol: 'X',
      type: 'forward_split',
      ex_date: '2026-03-10',
      new_rate: '2',
      old_rate: '1',
      cash: null,
    } as const;
    const reverse = { ...forward, type: 'reverse_split', new_rate: '1', old_rate: '10' } as const;
    expect(
      refuseStraddlingBars('X', [bar(1, 100), bar(2, 51), bar(3, 40)], forward, 100).kept.map(
        ({ minute }) => minute,
      ),
    ).toEqual([2, 3]);
    expect(
      refuseStraddlingBars('X', [bar(1, 1.1), bar(2, 10.4)], reverse, 1).kept.map(
        ({ minute }) => minute,
      ),
    ).toEqual([2]);
  });
});
