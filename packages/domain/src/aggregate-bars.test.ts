import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Bar, Timeframe } from './bar.ts';
import { aggregateBars, runningDailyBar } from './aggregate-bars.ts';

const open = 29_000_010;
const session = { open_time_id: open, close_time_id: open + 390 };
const minute = (offset: number, close = 10 + offset / 100): Bar => ({
  time_id: open + offset,
  open: close - 0.01,
  high: close + 0.02,
  low: close - 0.03,
  close,
  volume: 100 + offset,
});
const day = Array.from({ length: 390 }, (_, offset) => minute(offset));

describe('running bars', () => {
  it('asked at hh:mm:00 do not hold the bar stamped hh:mm', () => {
    expect(aggregateBars(day, '1min', session, open + 5).at(-1)?.time_id).toBe(open + 4);
    expect(aggregateBars(day, '5min', session, open + 5)).toHaveLength(1);
    expect(aggregateBars(day, '5min', session, open + 4)).toHaveLength(0);
    expect(aggregateBars(day, '5min', session, open)).toHaveLength(0);
  });

  it('take open, high, low, close and volume from their minutes', () => {
    const [first] = aggregateBars(day, '15min', session, open + 15);
    expect(first).toEqual({
      time_id: open,
      open: day[0]!.open,
      high: day[14]!.high,
      low: day[0]!.low,
      close: day[14]!.close,
      volume: day.slice(0, 15).reduce((sum, bar) => sum + bar.volume, 0),
    });
  });

  it('of a whole session are 78, 26, 7 and 1, the last hour cut at the close', () => {
    const count = (timeframe: Timeframe, end = session.close_time_id) =>
      aggregateBars(day, timeframe, session, end).length;
    expect([count('5min'), count('15min'), count('1hour'), count('1day')]).toEqual([78, 26, 7, 1]);
    expect(count('1day', session.close_time_id - 1)).toBe(0);
  });

  it('of a half day end with its close', () => {
    const half = { open_time_id: open, close_time_id: open + 210 };
    expect(aggregateBars(day, '1hour', half, open + 210).map((bar) => bar.time_id - open)).toEqual([
      0, 60, 120, 180,
    ]);
  });

  it('leave out buckets without trades and minutes outside the session', () => {
    const sparse = [minute(-5), minute(1), minute(11), minute(395)];
    expect(
      aggregateBars(sparse, '5min', session, open + 400).map((bar) => bar.time_id - open),
    ).toEqual([0, 10]);
  });

  it('never change when later minutes become known', () => {
    const timeframes: Timeframe[] = ['1min', '5min', '15min', '1hour', '1day'];
    fc.assert(
      fc.property(
        fc.integer({ min: -10, max: 400 }),
        fc.constantFrom(...timeframes),
        fc.subarray(day),
        (offset, timeframe, known) => {
          const now = open + offset;
          const seen = aggregateBars(known, timeframe, session, now);
          expect(
            aggregateBars(
              known.filter((bar) => bar.time_id < now),
              timeframe,
              session,
              now,
            ),
          ).toEqual(seen);
          expect(aggregateBars(known, timeframe, session, now + 60).slice(0, seen.length)).toEqual(
            seen,
          );
          const running = runningDailyBar(known, session, now);
          expect(running).toEqual(
            runningDailyBar(
              known.filter((bar) => bar.time_id < now),
              session,
              now,
            ),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
