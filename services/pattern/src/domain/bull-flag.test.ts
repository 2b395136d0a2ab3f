import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { barsFrom, cleanFlag, randomWalk, scaled } from '../../tests/chart-builders.ts';
import { detectBullFlag } from './bull-flag.ts';

describe('a bull flag', () => {
  it('is found with confidence above 0.7 in every clean one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.record({
          poleBars: fc.integer({ min: 3, max: 8 }),
          flagBars: fc.integer({ min: 4, max: 10 }),
          height: fc.double({ min: 0.05, max: 0.15, noNaN: true }),
          retracement: fc.double({ min: 0.15, max: 0.4, noNaN: true }),
        }),
        (seed, shape) => {
          const flag = detectBullFlag(cleanFlag(seed, shape), '5min');
          expect(flag?.confidence).toBeGreaterThan(0.7);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('has its stop below, its target above and at least twice the risk as reward', () => {
    const flag = detectBullFlag(cleanFlag(7), '5min')!;
    expect(flag.stop).toBeLessThan(flag.entry);
    expect(flag.target).toBeGreaterThan(flag.entry);
    expect(flag.reward_to_risk).toBeGreaterThanOrEqual(2 - 1e-9);
    expect(flag.evidence.pole_percent).toBeGreaterThan(7);
    expect(Object.keys(flag.confidence_parts)).toEqual([
      'pole',
      'straightness',
      'retracement',
      'tightness',
      'drift',
      'volume',
    ]);
  });

  it('is found above 0.7 in fewer than 1 % of random walks', () => {
    let found = 0;
    for (let seed = 1; seed <= 1000; seed += 1) {
      const walk = barsFrom(randomWalk(seed, 60), { seed, wick: 0.008 });
      if ((detectBullFlag(walk, '5min')?.confidence ?? 0) > 0.7) found += 1;
    }
    expect(found).toBeLessThan(10);
  });

  it('does not exist in too few, flat or falling bars', () => {
    expect(detectBullFlag([], '5min')).toBeNull();
    expect(
      detectBullFlag(
        barsFrom(
          Array.from({ length: 40 }, () => 10),
          { wick: 0 },
        ),
        '5min',
      ),
    ).toBeNull();
    expect(
      detectBullFlag(barsFrom(Array.from({ length: 40 }, (_, index) => 90 - index)), '5min'),
    ).toBeNull();
  });

  it('is gone once the flag has given back most of the pole', () => {
    const bars = cleanFlag(3, { retracement: 0.9 });
    expect(detectBullFlag(bars, '5min')?.confidence ?? 0).toBeLessThan(0.7);
  });

  it('has the same confidence at any price', () => {
    const bars = cleanFlag(11);
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 50, noNaN: true }), (factor) => {
        expect(detectBullFlag(scaled(bars, factor), '5min')!.confidence).toBeCloseTo(
          detectBullFlag(bars, '5min')!.confidence,
          6,
        );
      }),
    );
  });
});
