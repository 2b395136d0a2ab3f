import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { patternApi } from '@catalyst/contracts';
import { newYorkTime, nyseCalendar, toTimeId } from '@catalyst/domain';
import {
  atStep,
  createTestDatabase,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@catalyst/testkit';
import { patternService } from '../src/service.ts';

const DATE = '2026-03-10';
const minute = (clock: string): number => toTimeId(newYorkTime(DATE, clock));
let database: TestDatabase;
let service: TestService<typeof patternApi>;

interface Row {
  symbol: string;
  time_id: number;
  timeframe: string;
  feed: string;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}
const save = async (rows: readonly Row[]): Promise<void> => {
  const column = <K extends keyof Row>(name: K) => rows.map((row) => row[name]);
  await database.database.query('SELECT get_or_create_times($1)', [column('time_id')]);
  await database.database.query(
    `INSERT INTO trading_history (security_id, time_id, timeframe, feed, open, high, low, close, volume)
     SELECT s.security_id, n.time_id, n.timeframe, n.feed, n.open, n.high, n.low, n.close, n.volume
     FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::numeric[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[]) AS n(symbol, time_id, timeframe, feed, open, high, low, close, volume) JOIN securities s USING (symbol)`,
    [
      column('symbol'),
      column('time_id'),
      column('timeframe'),
      column('feed'),
      column('open'),
      column('high'),
      column('low'),
      column('close'),
      column('volume'),
    ],
  );
};
/**
 * A quiet opening range of 49.80 to 50.20 on high volume, then a wait below it, then a close above
 * it on three times the volume.
 */
const openingRangeDay = (symbol: string): Row[] =>
  Array.from({ length: 60 }, (_, index): Row => {
    const base =
      index < 15
        ? 49.85 + 0.02 * index
        : index < 40
          ? 50.08 + 0.01 * (index % 5)
          : 50.19 + 0.02 * (index - 40);
    const volume = index < 15 ? 60_000 : index === 40 ? 90_000 : 20_000;
    const open = index === 40 ? 50.14 : base;
    return {
      symbol,
      time_id: minute('09:30') + index,
      timeframe: '1min',
      feed: 'iex',
      open,
      high: Math.max(open, base + 0.03),
      low: Math.min(open, base - 0.03),
      close: base + 0.02,
      volume,
    };
  });
const dailyBars = (symbol: string): Row[] =>
  nyseCalendar('2025-09-01', '2026-03-09').map(({ date }, index): Row => {
    const close = 41 + index * 0.07 + Math.sin(index) * 0.4;
    return {
      symbol,
      time_id: toTimeId(newYorkTime(date, '00:00')),
      timeframe: '1day',
      feed: 'sip',
      open: close - 0.1,
      high: close + 0.6,
      low: close - 0.7,
      close,
      volume: 2_000_000,
    };
  });

const start = () =>
  startTestService(patternService, {
    database_url: database.url,
    replay_start_at: newYorkTime(DATE, '04:00'),
  });

beforeAll(async () => {
  database = await createTestDatabase();
  const { database: db } = database;
  const days = nyseCalendar('2025-09-01', '2026-03-20');
  await db.query(
    'INSERT INTO market_calendar SELECT * FROM unnest($1::date[], $2::time[], $3::time[])',
    [days.map((day) => day.date), days.map((day) => day.open), days.map((day) => day.close)],
  );
  await db.query("SELECT * FROM get_or_create_securities(ARRAY['ORBX','LATE','NONE'])");
  await save([...openingRangeDay('ORBX'), ...dailyBars('ORBX')]);
  service = await start();
});
afterAll(async () => {
  await service.close();
  await database.drop();
});

const triggerAt = async (clock: string) => {
  const { triggers } = await atStep(newYorkTime(DATE, clock), () =>
    service.client().checkTriggers({ body: { symbols: ['ORBX'] } }),
  );
  return triggers[0]!;
};

describe('the pattern service', () => {
  it('sees the opening range only after its fifteen minutes have ended', async () => {
    const detect = async (clock: string) =>
      (
        await atStep(newYorkTime(DATE, clock), () =>
          service.client().detectPatterns({ body: { symbols: ['ORBX'], phase: 'intraday' } }),
        )
      ).patterns;
    expect(
      (await detect('09:44')).filter((pattern) => pattern.pattern === 'opening_range_breakout'),
    ).toEqual([]);
    const range = (await detect('09:50')).find(
      (pattern) => pattern.pattern === 'opening_range_breakout',
    )!;
    expect(range.level).toBeCloseTo(50.16, 6);
    expect(range.stop < range.entry && range.entry < range.target).toBe(true);
  });

  it('confirms an entry by the first finished minute that closes above the range with volume, not a minute earlier', async () => {
    expect(await triggerAt('10:10')).toMatchObject({
      confirmed: false,
      close: expect.closeTo(50.14, 6),
    });
    const trigger = await triggerAt('10:11');
    expect(trigger).toMatchObject({
      confirmed: true,
      pattern: { pattern: 'opening_range_breakout' },
    });
    expect(trigger.volume_ratio!).toBeGreaterThan(3);
    expect(trigger.reason).toContain('above');
  });

  it('gives no answer about a later bar that is stored already', async () => {
    const before = await triggerAt('10:11');
    await save([
      { ...openingRangeDay('ORBX')[59]!, time_id: minute('15:00'), close: 99, high: 99 },
    ]);
    expect(await triggerAt('10:11')).toEqual(before);
  });

  it('answers by what it keeps of the day as a process does that keeps nothing, also of a bar that came late and of one that was corrected', async () => {
    const bars = openingRangeDay('LATE');
    const isLate = ({ time_id }: Row) => time_id === minute('10:10');
    await save([...bars.filter((bar) => !isLate(bar)), ...dailyBars('LATE')]);
    const ask = async (asked: typeof service) =>
      (
        await atStep(newYorkTime(DATE, '10:15'), () =>
          asked.client().checkTriggers({ body: { symbols: ['LATE'] } }),
        )
      ).triggers;
    const before = await ask(service);
    await save(bars.filter(isLate).map((bar) => ({ ...bar, high: 60, volume: 9_000_000 })));
    const after = await ask(service);
    const fresh = await start();
    expect(await ask(fresh)).toEqual(after);
    expect(after).not.toEqual(before);
    await database.database.query(
      `UPDATE trading_history SET close = 49, low = 49, volume = 1, revised_at = $2
       WHERE time_id = $1
         AND security_id = (SELECT security_id FROM securities WHERE symbol = 'LATE')`,
      [minute('10:10'), newYorkTime(DATE, '10:15')],
    );
    const corrected = await ask(service);
    expect(corrected).not.toEqual(after);
    await fresh.close();
    const anew = await start();
    expect(await ask(anew)).toEqual(corrected);
    await anew.close();
  });

  it('does not trust a bar that is not of the last minute', async () => {
    expect(await triggerAt('11:00')).toMatchObject({
      confirmed: false,
      bar_missing: true,
      reason:
        'the minute that just ended has no bar: nothing was traded, or it is late; the last one ended 30 minutes before',
    });
  });

  it('keeps each detection once, and says plainly when nothing is stored of a symbol', async () => {
    const count = async () =>
      (
        await database.database.query<{ n: number }>(
          'SELECT count(*)::int8 AS n FROM pattern_detections',
        )
      )[0]!.n;
    const detect = () =>
      atStep(newYorkTime(DATE, '09:50'), () =>
        service.client().detectPatterns({ body: { symbols: ['ORBX', 'NONE'], phase: 'intraday' } }),
      );
    const first = await detect();
    const stored = await count();
    expect(await detect()).toEqual(first);
    expect(await count()).toBe(stored);
    const { triggers } = await atStep(newYorkTime(DATE, '09:50'), () =>
      service.client().checkTriggers({ body: { symbols: ['NONE'] } }),
    );
    expect(triggers).toEqual([
      {
        symbol: 'NONE',
        confirmed: false,
        reason: 'no bars are stored',
        bar_missing: true,
        pattern: null,
        close: null,
        volume_ratio: null,
      },
    ]);
    await expect(service.client().showLevels({ params: { symbol: 'NONE' } })).rejects.toMatchObject(
      { code: 'NOT_FOUND' },
    );
  });

  it('reads a session that is over as it was at its end, also once the next day has bars', async () => {
    const detect = async (date: string, clock: string, session_date?: string) =>
      (
        await atStep(newYorkTime(date, clock), () =>
          service.client().detectPatterns({
            body: { symbols: ['ORBX'], phase: 'intraday', ...(session_date && { session_date }) },
          }),
        )
      ).patterns.map(({ detected_at: _, ...found }) => found);
    const atEnd = await detect(DATE, '20:00');
    expect(atEnd).not.toEqual([]);
    const next = toTimeId(newYorkTime('2026-03-11', '04:10'));
    await save([{ ...openingRangeDay('ORBX')[0]!, time_id: next, high: 80, close: 80 }]);
    const today = await detect('2026-03-11', '05:00');
    expect(await detect('2026-03-11', '05:00', DATE)).toEqual(atEnd);
    expect(await detect('2026-03-11', '05:00')).toEqual(today);
    await expect(detect('2026-03-11', '05:00', '2026-03-11')).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: '2026-03-11 is no session that is over',
    });
  });

  it('shows support below and resistance above the last close', async () => {
    const levels = await atStep(newYorkTime(DATE, '09:50'), () =>
      service.client().showLevels({ params: { symbol: 'ORBX' } }),
    );
    expect(levels.support.length).toBeGreaterThan(0);
    const close = (
      await database.database.query<{ close: number }>(
        "SELECT close FROM v_bars WHERE timeframe = '1day' ORDER BY time_id DESC LIMIT 1",
      )
    )[0]!.close;
    expect(levels.support.every((level) => level.price <= close)).toBe(true);
    expect(levels.resistance.every((level) => level.price > close)).toBe(true);
  });
});
