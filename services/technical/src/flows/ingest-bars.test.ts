import { describe, expect, it } from '@jest/globals';
import type { BarsQuery, Brokerage, TellUnread } from '@catalyst/brokerage';
import {
  later,
  newYorkTime,
  nyseCalendar,
  toTimeId,
  tradingHours,
  type Bar,
} from '@catalyst/domain';
import { systemClock } from '@catalyst/service-kit';
import type { SymbolBar } from '../store/bars.ts';
import type { Store } from '../store/create-store.ts';
import { createIngestBars } from './ingest-bars.ts';
import { createStoreCheckedBars } from './store-checked-bars.ts';

const DATE = '2026-03-24';
const day = { ...tradingHours(nyseCalendar(DATE, DATE)[0]!), earlier: [] };

/** The flow on a vendor that sends a bar of each minute, that of 10:02 broken, and a store. */
const open = () => {
  let now = newYorkTime(DATE, '10:00');
  const clock = { ...systemClock, now: () => now, latest: () => now };
  const queries: BarsQuery[] = [];
  const sent: SymbolBar[] = [];
  /** Volumes that late trades corrected. */
  const corrected = new Map<number, number>();
  const bar = (time_id: number): Bar => ({
    time_id,
    open: 10,
    high: time_id === toTimeId(newYorkTime(DATE, '10:02')) ? 9 : 11,
    low: 9,
    close: 10,
    volume: corrected.get(time_id) ?? 100,
  });
  const broker = {
    market_data: {
      bars: async (query: BarsQuery, tellUnread?: TellUnread) => {
        queries.push(query);
        if (query.symbols.includes('ODD'))
          tellUnread?.({
            list: 'bars',
            symbol: 'ODD',
            id: '2026-03-24T14:00:00Z',
            field: 'h',
            reason: 'expected number',
          });
        const [from, to] = [toTimeId(query.start), toTimeId(query.end)];
        const bars = Array.from({ length: to - from + 1 }, (_, index) => bar(from + index));
        return new Map(query.symbols.map((symbol) => [symbol, bars]));
      },
    },
  } as unknown as Brokerage;
  const store = {
    ensureTimes: async () => {},
    lastBarIds: async () => new Map([['AAAA', toTimeId(newYorkTime(DATE, '09:58'))]]),
    saveBars: async (_timeframe: string, _feed: string, bars: readonly SymbolBar[]) =>
      sent.push(...bars) && bars.length,
  } as unknown as Store;
  const ingest = createIngestBars({
    store,
    broker,
    clock,
    feed: 'iex',
    readTradingDay: async () => day,
    storeCheckedBars: createStoreCheckedBars(store, clock),
    noteStored: () => {},
  });
  return {
    ingest,
    queries,
    sent,
    corrected,
    goOn: () => {
      now = later(now, 60_000);
    },
  };
};

describe('fetching minute bars', () => {
  it('begins before the last stored bar, goes on minute by minute and stores each bar once', async () => {
    const { ingest, queries, sent, goOn } = open();
    for (let minute = 0; minute < 5; minute += 1) {
      await ingest(['AAAA']);
      goOn();
    }
    const first = toTimeId(newYorkTime(DATE, '09:57'));
    expect(sent.map(({ time_id }) => time_id - first)).toEqual([0, 1, 2, 3, 4, 6]);
    // a late bar of the two minutes before would still be found
    expect(queries.map(({ start }) => toTimeId(start) - first)).toEqual([0, 1, 2, 3, 4]);
  });

  it('stores a bar again that the vendor corrected, once', async () => {
    const { ingest, sent, corrected, goOn } = open();
    const minute = toTimeId(newYorkTime(DATE, '09:59'));
    await ingest(['AAAA']);
    corrected.set(minute, 120);
    goOn();
    expect((await ingest(['AAAA'])).stored).toBe(2);
    goOn();
    await ingest(['AAAA']);
    expect(sent.filter(({ time_id }) => time_id === minute).map(({ volume }) => volume)).toEqual([
      100, 120,
    ]);
  });

  it('asks the vendor once at one instant, and tells again what it refused then', async () => {
    const { ingest, queries, goOn } = open();
    for (let minute = 0; minute < 3; minute += 1) goOn();
    const first = await ingest(['AAAA']);
    expect(first.refused).toHaveLength(1);
    expect(await ingest(['AAAA'])).toEqual({ stored: 0, refused: first.refused, missing: [] });
    expect(queries).toHaveLength(1);
    await ingest(['AAAA', 'BBBB']);
    expect(queries.at(-1)!.symbols).toEqual(['BBBB']);
    goOn();
    await ingest(['AAAA', 'BBBB']);
    expect(queries.at(-1)!.symbols).toEqual(['AAAA', 'BBBB']);
  });

  it('tells a bar that nobody can read as one that was refused', async () => {
    const { ingest } = open();
    expect((await ingest(['AAAA', 'ODD'])).refused).toEqual([
      { symbol: 'ODD', reason: 'cannot be read (2026-03-24T14:00:00Z): h: expected number' },
    ]);
  });
});
