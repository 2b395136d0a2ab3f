import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Bar } from '@catalyst/domain';
import { barsFrom, cleanFlag, randomFrom, randomWalk, scaled } from '../../tests/chart-builders.ts';
import { detectDailyBreakout } from './daily-breakout.ts';
import { detectAscendingTriangle } from './ascending-triangle.ts';
import { detectPatterns, type DetectionInput } from './detect-patterns.ts';

const open = 29_002_170;
const session = { open_time_id: open, close_time_id: open + 390 };
const DAY = 1440;

const every = (bars: readonly Bar[], minutes: number): Bar[] => {
  const merged: Bar[] = [];
  for (let index = 0; index + minutes <= bars.length; index += minutes) {
    const group = bars.slice(index, index + minutes);
    merged.push({
      time_id: group[0]!.time_id,
      open: group[0]!.open,
      high: Math.max(...group.map((bar) => bar.high)),
      low: Math.min(...group.map((bar) => bar.low)),
      close: group.at(-1)!.close,
      volume: group.reduce((sum, bar) => sum + bar.volume, 0),
    });
  }
  return merged;
};

const daysOf = (closes: readonly number[], seed = 1): Bar[] =>
  barsFrom(closes, { seed, wick: 0.01, start: open - 570 - closes.length * DAY, step: DAY });

const dayOf = (
  regular: readonly number[],
  options: { premarket?: readonly number[]; daily?: readonly Bar[]; asOf: number; seed?: number },
): DetectionInput => {
  const { premarket = [], daily = daysOf(randomWalk(3, 100, 0.015)), asOf, seed = 1 } = options;
  const minutes = barsFrom(regular, { start: open, seed, wick: 0.0005 });
  const early = barsFrom(premarket, { start: open - 330, seed, wick: 0.0005 });
  return {
    minute_bars: [...early, ...minutes],
    five_minute_bars: every(minutes, 5),
    fifteen_minute_bars: every(minutes, 15),
    daily_bars: daily,
    session,
    as_of_time_id: asOf,
  };
};

/** A rise, then weeks of trading below one ceiling, closing just under it. */
const coiled = (seed: number): number[] => {
  const random = randomFrom(seed);
  const rise = Array.from({ length: 40 }, (_, index) => 40 + index * 0.22);
  const base = Array.from(
    { length: 25 },
    (_, index) =>
      49.2 - 1.1 * Math.abs(Math.sin((index * Math.PI) / 8)) * (1 - index / 60) + 0.1 * random(),
  );
  return [...rise, ...base, 49, 49.15, 49.3];
};

describe('patterns before the open', () => {
  it('hold a daily breakout below a ceiling that was touched again and again', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const found = detectDailyBreakout(barsFrom(coiled(seed), { seed, wick: 0.004 }));
      expect(found?.confidence).toBeGreaterThan(0.7);
      expect(found!.evidence.touches).toBeGreaterThanOrEqual(2);
    }
  });

  it('hold a daily bull flag', () => {
    const flag = cleanFlag(4).map((bar, index) => ({
      ...bar,
      time_id: open - 570 - (60 - index) * DAY,
    }));
    const found = detectPatterns({ ...dayOf([], { asOf: open - 90 }), daily_bars: flag });
    expect(found[0]).toMatchObject({ pattern: 'bull_flag', timeframe: '1day' });
    expect(found[0]!.confidence).toBeGreaterThan(0.7);
  });

  it('hold a gap that holds, and not a gap that fades', () => {
    const daily = daysOf([...randomWalk(3, 99, 0.015), 50]);
    const holds = Array.from(
      { length: 120 },
      (_, index) => 50 + 3 * Math.min(1, index / 10) + 0.1 * Math.sin(index),
    );
    const fades = Array.from({ length: 120 }, (_, index) => 53 - 2.8 * (index / 120));
    const gap = (premarket: number[]) =>
      detectPatterns(dayOf([], { premarket, daily, asOf: open - 90 })).find(
        (item) => item.pattern === 'gap_and_hold',
      );
    expect(gap(holds)!.confidence).toBeGreaterThan(0.7);
    expect(gap(holds)!.evidence.gap_percent).toBeCloseTo(6, 0);
    expect(gap(fades)).toBeUndefined();
  });

  it('do not hold an opening range', () => {
    const input = dayOf(
      Array.from({ length: 60 }, (_, index) => 50 + index * 0.02),
      { asOf: open + 14 },
    );
    expect(detectPatterns(input).some((item) => item.pattern === 'opening_range_breakout')).toBe(
      false,
    );
  });
});

describe('patterns after the open', () => {
  it('hold an opening range breakout whose level is the high of the first fifteen minutes', () => {
    const closes = Array.from(
      { length: 30 },
      (_, index) => 50 + (index < 15 ? 0.4 * (index / 15) : 0.38 + 0.005 * Math.sin(index)),
    );
    const input = dayOf(closes, { asOf: open + 30 });
    const found = detectPatterns(input).find((item) => item.pattern === 'opening_range_breakout')!;
    expect(found.confidence).toBeGreaterThan(0.7);
    expect(found.level).toBe(Math.max(...input.minute_bars.slice(0, 15).map((bar) => bar.high)));
    expect(found.stop).toBeLessThan(found.level);
  });

  it('plan the stop of a one-minute flag from at least a tenth of the daily range', () => {
    const flag = cleanFlag(4, { height: 0.03 }).map((bar) => bar.close);
    const found = detectPatterns(
      dayOf(flag, { asOf: open + flag.length, daily: daysOf(randomWalk(3, 100, 0.02)) }),
    ).find((item) => item.timeframe === '1min' && item.pattern === 'bull_flag')!;
    expect((found.entry - found.stop) / found.entry).toBeGreaterThan(0.0015);
  });

  it('lose the opening range once its low has broken', () => {
    const closes = Array.from({ length: 30 }, (_, index) =>
      index < 15 ? 50 + 0.4 * (index / 15) : index < 20 ? 49 : 50.39,
    );
    expect(
      detectPatterns(dayOf(closes, { asOf: open + 30 })).some(
        (item) => item.pattern === 'opening_range_breakout',
      ),
    ).toBe(false);
  });

  it('hold an ascending triangle with its flat top as the level', () => {
    const closes = [
      48, 48.5, 49, 49.5, 50, 49, 48, 47, 46.5, 47.5, 48.5, 49.5, 50, 49.2, 48.4, 47.8, 48.6, 49.4,
      50, 49.5, 49, 48.8, 49.2, 49.6,
    ];
    const found = detectAscendingTriangle(barsFrom(closes, { wick: 0.001 }), '5min')!;
    expect(found.confidence).toBeGreaterThan(0.7);
    expect(found.level).toBeCloseTo(50, 0);
    expect(found.evidence).toMatchObject({ highs: 3, lows: 3 });
  });
});

describe('every detector', () => {
  const anyDay = fc.record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    minute: fc.integer({ min: -200, max: 600 }),
  });
  const randomDay = (seed: number, minute: number): DetectionInput =>
    dayOf(randomWalk(seed, 220, 0.0015), {
      premarket: randomWalk(seed + 1, 200, 0.001, 52),
      daily: daysOf(randomWalk(seed + 2, 120, 0.02), seed),
      asOf: open + minute,
      seed,
    });

  it('reads nothing that has not ended', () => {
    fc.assert(
      fc.property(anyDay, ({ seed, minute }) => {
        const input = randomDay(seed, minute);
        const now = input.as_of_time_id;
        const today: Bar = {
          ...input.daily_bars.at(-1)!,
          time_id: open - 570,
          high: 500,
          close: 400,
        };
        const known = {
          ...input,
          minute_bars: input.minute_bars.filter((bar) => bar.time_id + 1 <= now),
          five_minute_bars: input.five_minute_bars.filter((bar) => bar.time_id + 5 <= now),
          fifteen_minute_bars: input.fifteen_minute_bars.filter((bar) => bar.time_id + 15 <= now),
        };
        expect(detectPatterns({ ...input, daily_bars: [...input.daily_bars, today] })).toEqual(
          detectPatterns(known),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('gives the same confidence at any price, and sane levels', () => {
    fc.assert(
      fc.property(
        anyDay,
        fc.double({ min: 0.2, max: 20, noNaN: true }),
        ({ seed, minute }, factor) => {
          const input = randomDay(seed, minute);
          const found = detectPatterns(input);
          const other = detectPatterns({
            ...input,
            minute_bars: scaled(input.minute_bars, factor),
            five_minute_bars: scaled(input.five_minute_bars, factor),
            fifteen_minute_bars: scaled(input.fifteen_minute_bars, factor),
            daily_bars: scaled(input.daily_bars, factor),
          });
          const name = (items: typeof found): string[] =>
            items
              .map((item) => `${item.pattern} ${item.timeframe} ${item.confidence.toFixed(6)}`)
              .sort();
          expect(name(other)).toEqual(name(found));
          for (const item of found) {
            expect(item.stop).toBeLessThan(item.entry);
            expect(item.target).toBeGreaterThan(item.entry);
            expect(item.reward_to_risk).toBeGreaterThanOrEqual(2 - 1e-9);
            expect(item.confidence).toBeGreaterThanOrEqual(0);
            expect(item.confidence).toBeLessThanOrEqual(1);
            for (const value of [
              ...Object.values(item.evidence),
              ...Object.values(item.confidence_parts),
            ])
              expect(Number.isFinite(value)).toBe(true);
          }
          expect(found.map((item) => item.confidence)).toEqual(
            found.map((item) => item.confidence).toSorted((a, b) => b - a),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is sure (above 0.7) of few random walks: daily breakout below 9 %, flags below 4 %, triangles below 1 %', () => {
    const sure: Record<string, number> = { bull_flag: 0, daily_breakout: 0, ascending_triangle: 0 };
    for (let seed = 1; seed <= 500; seed += 1) {
      const input = {
        ...dayOf([], { daily: daysOf(randomWalk(seed, 120, 0.02), seed), asOf: open - 90 }),
      };
      for (const item of detectPatterns(input)) if (item.confidence > 0.7) sure[item.pattern]! += 1;
    }
    expect(sure.daily_breakout).toBeLessThan(45);
    expect(sure.bull_flag).toBeLessThan(20);
    expect(sure.ascending_triangle).toBeLessThan(5);
  });

  it('finds nothing without bars', () => {
    expect(
      detectPatterns({
        minute_bars: [],
        five_minute_bars: [],
        fifteen_minute_bars: [],
        daily_bars: [],
        session,
        as_of_time_id: open,
      }),
    ).toEqual([]);
  });
});
