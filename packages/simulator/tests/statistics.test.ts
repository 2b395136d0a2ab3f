import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadDay } from '../src/day/index.ts';
import { correlation, mean, poolStatistics, type BarStatistics } from '../docs/bar-statistics.ts';
import { measureGenerated, measureReal } from '../docs/measure-days.ts';

const barsDir = resolve(
  import.meta.dirname,
  '../../..',
  process.env.REFERENCE_DATA ?? '../shared/data',
  'bars',
);
const withReference = existsSync(barsDir) ? describe : describe.skip;
if (!existsSync(barsDir))
  process.stderr.write('left out: generated bars against real ones, REFERENCE_DATA is not there\n');

withReference('the bundled day beside nine symbol-days of real minute bars', () => {
  let real: BarStatistics;
  let generated: BarStatistics;
  beforeAll(async () => {
    real = poolStatistics(await measureReal(barsDir));
    generated = poolStatistics(
      measureGenerated(await loadDay(resolve(import.meta.dirname, '../days/2026-03-24'))),
    );
  });

  it('has tails as fat as the real ones, to within a fifth', () => {
    expect(real.kurtosis).toBeGreaterThan(4.5);
    expect(generated.kurtosis / real.kurtosis).toBeGreaterThan(0.8);
    expect(generated.kurtosis / real.kurtosis).toBeLessThan(1.2);
  });

  it('has returns that hardly follow from the return before', () => {
    expect(Math.abs(generated.return_autocorrelation - real.return_autocorrelation)).toBeLessThan(
      0.05,
    );
  });

  it('has large moves in clusters that fade like the real ones', () => {
    generated.squared_autocorrelation.forEach((value, index) =>
      expect(Math.abs(value - (real.squared_autocorrelation[index] ?? 0))).toBeLessThan(0.07),
    );
    expect(mean(generated.squared_autocorrelation)).toBeGreaterThan(0.07);
  });

  it('has minutes as wide as the real ones, to within a tenth', () => {
    expect(generated.range_ratio / real.range_ratio).toBeGreaterThan(0.9);
    expect(generated.range_ratio / real.range_ratio).toBeLessThan(1.1);
  });

  it('has a spread in its highs and lows that is of the order of the real one', () => {
    expect(generated.spread_estimate / real.spread_estimate).toBeGreaterThan(0.5);
    expect(generated.spread_estimate / real.spread_estimate).toBeLessThan(2);
  });

  it('trades through the day in the real shape', () => {
    expect(correlation(generated.volume_profile, real.volume_profile)).toBeGreaterThan(0.95);
  });
});
