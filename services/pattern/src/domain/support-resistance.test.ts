import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { barsFrom, randomWalk, scaled } from '../../tests/chart-builders.ts';
import { findLevels, findPivots } from './support-resistance.ts';

/** Swings between 48 and 52 with a period of 12 bars. */
const swings = barsFrom(
  Array.from({ length: 72 }, (_, index) => 50 + 2 * Math.sin((index * Math.PI) / 6)),
  { wick: 0.0005 },
);

describe('support and resistance', () => {
  it('lie where the price has turned again and again, with their touches', () => {
    const levels = findLevels(swings);
    expect(levels.map((level) => [level.kind, Math.round(level.price)])).toEqual([
      ['resistance', 52],
      ['support', 48],
    ]);
    for (const level of levels) expect(level.touches).toBeGreaterThanOrEqual(5);
    expect(levels[0]!.strength).toBeGreaterThan(0.9);
  });

  it('need bars on both sides: the newest bars are no turning point yet', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 10, max: 60 }),
        (seed, count) => {
          const bars = barsFrom(randomWalk(seed, 70), { seed });
          const early = findPivots(bars.slice(0, count));
          for (const pivot of early) expect(pivot.index).toBeLessThan(count - 3);
          expect(findPivots(bars).filter((pivot) => pivot.index < count - 3)).toEqual(early);
        },
      ),
    );
  });

  it('scale with the price', () => {
    const bars = barsFrom(randomWalk(5, 80), { seed: 5 });
    const half = findLevels(scaled(bars, 0.5));
    findLevels(bars).forEach((level, index) => {
      expect(half[index]!.price * 2).toBeCloseTo(level.price, 9);
      expect(half[index]!.touches).toBe(level.touches);
    });
  });

  it('do not exist in flat or too few bars', () => {
    expect(findLevels([])).toEqual([]);
    expect(
      findLevels(
        barsFrom(
          Array.from({ length: 30 }, () => 10),
          { wick: 0 },
        ),
      ),
    ).toEqual([]);
    expect(findLevels(barsFrom([1, 2, 3]))).toEqual([]);
  });
});
