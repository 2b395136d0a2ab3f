import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { importDay, type Day } from '../src/day/index.ts';
import { createFindLeanCompany } from '../src/day/lean/find-lean-company.ts';
import { openLeanTables } from '../src/day/lean/lean-tables.ts';
import { openAccount } from './open-account.ts';

const folder = mkdtempSync(join(tmpdir(), 'lean-days-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
let data = '';
const put = (path: string, content: string): void => {
  const file = join(data, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, path.endsWith('.zip') ? zipSync({ 'rows.csv': strToU8(content) }) : content);
};
const minutes = (price: number, from = 570, to = 960): string =>
  Array.from(
    { length: to - from },
    (_, index) =>
      `${(from + index) * 60_000},${price},${price + 200},${price - 200},${price + 100},1000`,
  ).join('\n');

/**
 * What a LEAN user's data folder holds: `equity/usa/` and below it one folder for each resolution
 * and kind.
 */
beforeEach(() => {
  count += 1;
  data = join(folder, `data-${count}`);
  put(
    'equity/usa/minute/xyz/20140606_trade.zip',
    `${15 * 3_600_000},1010000,1010000,1000000,1000000,500\n${59 * 60_000 + 15 * 3_600_000},1000000,1000000,1000000,1000000,10`,
  );
  put(
    'equity/usa/minute/xyz/20140605_trade.zip',
    `${minutes(990_000)}\n${960 * 60_000},1500000,1500000,1500000,1500000,7`,
  );
  put('equity/usa/minute/xyz/20140606_quote.zip', 'not read');
  put(
    'equity/usa/daily/xyz.zip',
    '20140604 00:00,980000,990000,970000,985000,1000000\n20140605 00:00,985000,1000000,980000,990000,2000000\n20140606 00:00,1000000,1100000,990000,1050000,3000000',
  );
  put(
    'equity/usa/factor_files/xyz.csv',
    '19980102,0.9,0.5,1\n20140605,0.99,0.5,99\n20501231,1,1,0',
  );
  put('equity/usa/map_files/xyz.csv', '19980102,xyz,P\n20501231,xyz,P');
});
const run = (fields: { bars_dir?: string; symbols?: string[] } = {}): Promise<Day> =>
  importDay({
    bars_dir: data,
    trade_date: '2014-06-06',
    symbols: ['XYZ'],
    out_dir: join(folder, `day-${count}`),
    ...fields,
  });

describe("LEAN's data folder", () => {
  it.each(['', 'equity', 'equity/usa'])(
    'is found where its folder %j is named, with its factor and map files',
    async (below) => {
      const day = await run({ bars_dir: join(data, below) });
      expect(day.corporate_actions).toEqual([
        {
          symbol: 'XYZ',
          type: 'forward_split',
          ex_date: '2014-06-06',
          new_rate: '2',
          old_rate: '1',
          cash: null,
        },
        {
          symbol: 'XYZ',
          type: 'cash_dividend',
          ex_date: '2014-06-06',
          new_rate: null,
          old_rate: null,
          cash: '0.9900',
        },
      ]);
      expect(day.securities).toMatchObject([{ symbol: 'XYZ', exchange: 'ARCA' }]);
      expect(day.daily_bars.get('XYZ')?.map(({ date, close }) => [date, close])).toEqual([
        ['2014-06-04', 98.5],
        ['2014-06-05', 99],
      ]);
      expect(day.notes).toHaveLength(4);
    },
  );

  it('is refused where it has no minutes, with what was expected', async () => {
    await expect(run({ bars_dir: join(data, 'equity/usa/daily') })).rejects.toThrow(
      'holds no folder "minute": expected LEAN\'s data folder (the one with equity/usa/minute) or its equity/usa',
    );
  });

  it('without a factor file gives a day without splits and dividends, and a note', async () => {
    rmSync(join(data, 'equity/usa/factor_files'), { recursive: true });
    const day = await run();
    expect(day.corporate_actions).toEqual([]);
    expect(day.notes).toContain(
      'XYZ: the source has no factor file; its splits and dividends are unknown, and prices from before one are unadjusted.',
    );
    expect(day.minute_bars.get('XYZ')).toHaveLength(2);
  });

  it('without a map file gives a day that assumes NYSE, and a note', async () => {
    rmSync(join(data, 'equity/usa/map_files'), { recursive: true });
    const day = await run();
    expect(day.securities[0]?.exchange).toBe('NYSE');
    expect(day.notes).toContain(
      'XYZ: the source does not say where it is listed; NYSE is assumed.',
    );
  });

  it('without a daily file gives daily bars of the regular hours of earlier minutes, and a note', async () => {
    rmSync(join(data, 'equity/usa/daily'), { recursive: true });
    const day = await run();
    expect(day.daily_bars.get('XYZ')).toEqual([
      { date: '2014-06-05', open: 99, high: 99.02, low: 98.98, close: 99.01, volume: 390_000 },
    ]);
    expect(day.notes).toContain(
      'XYZ: the source has no daily file; its 1 daily bars are made of the minutes of regular hours.',
    );
  });

  it('with minutes of the date alone gives a day without daily bars and profile, says so, and can be traded', async () => {
    rmSync(join(data, 'equity/usa/daily'), { recursive: true });
    put('equity/usa/minute/new/20140606_trade.zip', minutes(200_000));
    const day = await run({ symbols: ['NEW'] });
    expect(day.notes).toContain(
      'NEW: the source has no daily file; the day has no daily bars of it.',
    );
    expect(day.notes).toContain(
      'NEW: there is no volume profile; the source has neither minutes nor daily bars of the sessions before.',
    );
    const account = await openAccount(day, { at: '09:30' });
    try {
      const { body } = await account.place({ symbol: 'NEW', qty: '5' });
      await account.request('POST', '/sim/step', { minutes: 1 });
      expect(await account.order(body.id)).toMatchObject({ status: 'filled', filled_qty: '5' });
    } finally {
      await account.close();
    }
  });

  it('packed into zips by date is read from the newest', async () => {
    for (const kind of ['factor_files', 'map_files'])
      rmSync(join(data, 'equity/usa', kind), { recursive: true });
    const pack = (kind: string, date: string, files: Record<string, string>): void => {
      mkdirSync(join(data, 'equity/usa', kind), { recursive: true });
      writeFileSync(
        join(data, 'equity/usa', kind, `${kind}_${date}.zip`),
        zipSync(
          Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])),
        ),
      );
    };
    pack('factor_files', '20230101', { 'xyz.csv': '20501231,1,1,0' });
    pack('factor_files', '20240101', {
      'xyz.csv': '20140605,1,0.25,99\n20501231,1,1,0',
      'abc.csv': '20501231,1,1,0',
    });
    pack('map_files', '20240101', { 'xyz.csv': '19980102,xyz,N\n20501231,xyz,N' });
    const day = await run();
    expect(day.corporate_actions).toMatchObject([{ type: 'forward_split', new_rate: '4' }]);
    expect(day.securities[0]?.exchange).toBe('NYSE');
  });

  it('knows a company by the ticker of the date, whatever it is called since', async () => {
    rmSync(join(data, 'equity/usa/factor_files/xyz.csv'));
    put('equity/usa/map_files/xyz.csv', '20150102,xyz,P\n20501231,xyz,P');
    put('equity/usa/map_files/later.csv', '19980102,xyz,Q\n20141231,xyz,Q\n20501231,later,N');
    put('equity/usa/factor_files/later.csv', '20140605,0.5,1,80\n20501231,1,1,0');
    const day = await run();
    expect(day.securities[0]).toMatchObject({ symbol: 'XYZ', exchange: 'NASDAQ' });
    expect(day.corporate_actions).toMatchObject([
      { symbol: 'XYZ', type: 'cash_dividend', cash: '40.0000' },
    ]);
    expect(day.notes).toContain(
      'XYZ: is called LATER since; splits and dividends are read under that name.',
    );
  });

  it('packed into zips is read through once, however many tickers no map file is named after', async () => {
    const maps = join(data, 'equity/usa/map_files');
    const files = {
      'later.csv': '19980102,xyz,Q\n20141231,xyz,Q\n20501231,later,N',
      'aaa.csv': '19980102,old,N\n20141231,old,A\n20501231,aaa,N',
      'broken.csv': 'nothing of a map',
    };
    writeFileSync(
      join(maps, 'map_files_20240101.zip'),
      zipSync(
        Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])),
      ),
    );
    rmSync(join(maps, 'xyz.csv'));
    const tables = await openLeanTables(maps);
    let readings = 0;
    const find = createFindLeanCompany({
      ...tables,
      all: () => {
        readings += 1;
        return tables.all();
      },
    });
    expect(
      await Promise.all(
        ['LATER', 'XYZ', 'OLD', 'AAA', 'NONE'].map((symbol) => find(symbol, '2014-06-06')),
      ),
    ).toEqual([
      null,
      { name: 'later', exchange: 'NASDAQ' },
      { name: 'aaa', exchange: 'AMEX' },
      null,
      null,
    ]);
    expect(readings).toBe(1);
  });

  it('has factors that LEAN passes over and daily bars on days without a session, which are left out', async () => {
    put(
      'equity/usa/factor_files/xyz.csv',
      '20131231,1,inf,1\n20140102,1,1.6e+6,1\n20140103,0,1,1\n20501231,1,1,0',
    );
    put(
      'equity/usa/daily/xyz.zip',
      '20140531 00:00,980000,990000,970000,985000,1000000\n20140605 00:00,985000,1000000,980000,990000,2000000',
    );
    const day = await run();
    expect(day.corporate_actions).toEqual([]);
    expect(day.daily_bars.get('XYZ')).toHaveLength(1);
    expect(day.notes).toContain(
      'XYZ: daily bars of 2014-05-31 were left out; the exchange had no session then.',
    );
  });

  it.each([
    [
      'equity/usa/factor_files/xyz.csv',
      '20140605,0.99,half,99',
      /xyz\.csv, line 1, column split factor: expected a decimal number, was "half"/,
    ],
    [
      'equity/usa/factor_files/xyz.csv',
      '20140605,1,1,99\n20140604,1,1,99',
      /xyz\.csv, line 2, column date: expected a date after 2014-06-05, the one before it, was 20140604/,
    ],
    [
      'equity/usa/map_files/xyz.csv',
      '19980102,xyz,P\nxyz',
      /xyz\.csv, line 2: expected a date such as 20140606, a ticker and an exchange/,
    ],
    [
      'equity/usa/daily/xyz.zip',
      '20140605 00:00,985000,900000,980000,990000,2000000',
      /xyz\.zip, line 1, column high: expected at least the low 98, was 90/,
    ],
  ])(
    'with a fault in %s is refused with the line and the reason, and leaves nothing behind',
    async (path, content, message) => {
      put(path, content);
      await expect(run()).rejects.toThrow(message);
      expect(readdirSync(folder).filter((name) => name.startsWith(`day-${count}`))).toEqual([]);
    },
  );

  it('is never imported over another day', async () => {
    await run();
    await expect(run()).rejects.toThrow('out_dir must be absent or an empty folder');
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });
});
