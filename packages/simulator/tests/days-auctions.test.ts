import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { loadDay, writeDay, type Day, type DayAuction } from '../src/day/index.ts';
import { openAccount, type OpenAccount } from './open-account.ts';
import { bar, CLOSE, flat, OPEN, smallDay, TRADE_DATE } from './small-day.ts';

const BARS = { ACME: [bar(OPEN, 97, 98, 97, 98, 10_000), ...flat(OPEN + 1, CLOSE, 98, 6_000)] };
const AUCTIONS: DayAuction[] = [
  { symbol: 'ACME', kind: 'open', size: 4_321 },
  { symbol: 'ACME', kind: 'close', size: 5_900 },
];
const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

describe('the auctions of the bundled day', () => {
  let day: Day;
  beforeAll(async () => {
    day = await loadDay(resolve(import.meta.dirname, '../days/2026-03-24'));
  });
  const sizes = (kind: DayAuction['kind']): number[] =>
    (day.auctions ?? []).filter((auction) => auction.kind === kind).map(({ size }) => size);
  const volume = (from: number, to: number): number =>
    sum(
      [...day.minute_bars.values()].flatMap((bars) =>
        bars.filter(({ minute }) => minute >= from && minute < to).map((one) => one.volume),
      ),
    );

  it('are one at the open and one at the close of every stock', () => {
    expect(day.auctions).toHaveLength(2 * day.securities.length);
    for (const kind of ['open', 'close'] as const)
      expect(sizes(kind)).toHaveLength(day.securities.length);
  });

  it('trade about a seventieth of the volume of regular hours at the open and about a thirteenth at the close, most of the last minute', () => {
    const regular = volume(OPEN, CLOSE);
    expect(sum(sizes('open')) / regular).toBeGreaterThan(0.01);
    expect(sum(sizes('open')) / regular).toBeLessThan(0.03);
    expect(sum(sizes('close')) / regular).toBeGreaterThan(0.05);
    expect(sum(sizes('close')) / regular).toBeLessThan(0.1);
    expect(sum(sizes('open')) / volume(OPEN, OPEN + 1)).toBeLessThan(0.75);
    expect(sum(sizes('close')) / volume(CLOSE - 1, CLOSE)).toBeGreaterThan(0.75);
  });
});

describe('an auction that the day tells', () => {
  let account: OpenAccount | undefined;
  afterEach(() => account?.close());

  it('is the first print of the session and the last, of that size, with the rest of the minute in other prints', async () => {
    account = await openAccount(
      { ...smallDay({ bars: BARS }), auctions: AUCTIONS },
      { at: '09:00' },
    );
    const trades = async (
      from: string,
      to: string,
    ): Promise<{ p: number; s: number; c: string[] }[]> =>
      (
        await account!.get(
          `/v2/stocks/ACME/trades?start=${TRADE_DATE}T${from}Z&end=${TRADE_DATE}T${to}Z`,
        )
      ).body.trades;
    await account.step('16:30');
    expect((await account.get('/v2/stocks/ACME/auctions')).body.auctions).toMatchObject([
      { d: TRADE_DATE, o: [{ p: 97, s: 4_321, c: 'O' }], c: [{ p: 98, s: 5_900, c: '6' }] },
    ]);
    const opening = await trades('13:30:00', '13:30:59.999');
    expect(opening[0]).toMatchObject({ p: 97, s: 4_321 });
    expect(sum(opening.map(({ s }) => s))).toBe(10_000);
    const closing = await trades('19:59:00', '20:00:00');
    expect(closing.at(-1)).toMatchObject({ p: 98, s: 5_900 });
    expect(sum(closing.map(({ s }) => s))).toBe(6_000);
  });
});

describe('auctions.csv', () => {
  const written = async (text: string | null): Promise<Day> => {
    const dir = await mkdtemp(join(tmpdir(), 'catalyst-auctions-'));
    try {
      await writeDay({ ...smallDay({ bars: BARS }), auctions: AUCTIONS }, dir);
      if (text === null) await rm(join(dir, 'auctions.csv'));
      else await writeFile(join(dir, 'auctions.csv'), `symbol,kind,size\n${text}\n`);
      return await loadDay(dir);
    } finally {
      await rm(dir, { recursive: true });
    }
  };

  it('is read as it was written, and a day without it tells no auctions', async () => {
    expect((await written('ACME,open,4321\nACME,close,5900')).auctions).toEqual(AUCTIONS);
    expect(await written(null)).not.toHaveProperty('auctions');
  });

  it.each([
    [
      'a symbol without a bar in the minute',
      'BETA,open,1',
      'auctions.csv, line 2, column symbol: expected a symbol with a bar in minute 570, which holds the auction, was "BETA"',
    ],
    [
      'another kind',
      'ACME,noon,1',
      'auctions.csv, line 2, column kind: expected one of open, close, was "noon"',
    ],
    [
      'a second auction of a kind',
      'ACME,open,1\nACME,open,1',
      'auctions.csv, line 3, column kind: expected one open auction of ACME, was open',
    ],
    [
      'more than the minute traded',
      'ACME,close,6001',
      'auctions.csv, line 2, column size: expected shares from 1 to 6000, the volume of minute 959, was 6001',
    ],
    [
      'nothing',
      'ACME,close,0',
      'auctions.csv, line 2, column size: expected shares from 1 to 6000, the volume of minute 959, was 0',
    ],
  ])('is refused with %s', async (_, text, message) => {
    await expect(written(text)).rejects.toThrow(message);
  });
});
