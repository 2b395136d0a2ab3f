import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Bar } from '@catalyst/domain';
import { referenceData } from '@catalyst/testkit';
import { readBarCsv, readGzippedJson } from '../../tests/reference-data.ts';
import {
  atrSeries,
  bollingerSeries,
  computeIndicators,
  emaSeries,
  macdSeries,
  obvSeries,
  rsiSeries,
  smaSeries,
  volumeRatioSeries,
  type Series,
} from './indicators.ts';

const folder = referenceData;
const withReference = folder ? it : it.skip;
if (!folder) process.stderr.write('left out: indicator references, REFERENCE_DATA is not there\n');

const bar = (close: number, volume = 1000, index = 0): Bar => ({
  time_id: index,
  open: close,
  high: close,
  low: close,
  close,
  volume,
});

const expectSeries = (actual: Series, name: string, field: string): void => {
  const expected = readGzippedJson<Record<string, number | null>[]>(
    join(folder!, 'indicators/expected', `${name}.standard.json.gz`),
  ).map((row) => row[field] ?? null);
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, index) => {
    if (value === null) expect({ index, value: actual[index] }).toEqual({ index, value: null });
    else
      expect(Math.abs(actual[index]! - value)).toBeLessThanOrEqual(
        1e-9 * Math.max(1, Math.abs(value)),
      );
  });
};

describe('indicators', () => {
  withReference('agree with the reference series to nine digits', () => {
    const bars = readBarCsv(join(folder!, 'indicators/default.csv'));
    const closes = bars.map((item) => item.close);
    expectSeries(smaSeries(closes, 20), 'sma', 'sma');
    expectSeries(emaSeries(closes, 20), 'ema', 'ema');
    expectSeries(rsiSeries(closes), 'rsi', 'rsi');
    expectSeries(atrSeries(bars), 'atr', 'atr');
    expectSeries(obvSeries(bars), 'obv', 'obv');
    const bands = bollingerSeries(closes);
    expectSeries(bands.upper, 'bb', 'upperBand');
    expectSeries(bands.middle, 'bb', 'sma');
    expectSeries(bands.lower, 'bb', 'lowerBand');
    const macd = macdSeries(closes);
    expectSeries(macd.macd, 'macd', 'macd');
    expectSeries(macd.signal, 'macd', 'signal');
    expectSeries(macd.histogram, 'macd', 'histogram');
  });

  withReference('of the last bar are the last values of the series', () => {
    const bars = readBarCsv(join(folder!, 'indicators/default.csv'));
    const set = computeIndicators(bars);
    expect(set.bars).toBe(502);
    expect(set.rsi_14).toBeCloseTo(42.07732356600684, 9);
    expect(set.atr_14).toBeCloseTo(6.1497482878433045, 9);
    expect(set.macd).toBeCloseTo(-6.2197702562027075, 9);
    expect(set.obv).toBe(539843504);
    expect(Object.values(set).every((value) => value !== null)).toBe(true);
  });

  withReference('of an empty, a zero and a penny series hold no NaN', () => {
    for (const name of ['zeros', 'penny', 'intraday', 'bad']) {
      const bars = readBarCsv(join(folder!, 'indicators', `${name}.csv`)).map((item) =>
        Number.isFinite(item.close + item.high + item.low + item.volume)
          ? item
          : bar(0, 0, item.time_id),
      );
      for (const value of Object.values(computeIndicators(bars)))
        expect(value === null || Number.isFinite(value)).toBe(true);
    }
  });

  it('are null where too few bars exist', () => {
    expect(Object.entries(computeIndicators([])).filter(([, value]) => value !== null)).toEqual([
      ['bars', 0],
    ]);
    const set = computeIndicators(
      Array.from({ length: 20 }, (_, index) => bar(10 + (index % 3), 1000, index)),
    );
    expect(set.sma_20).not.toBeNull();
    expect(set.sma_50).toBeNull();
    expect(set.volume_ratio).toBeNull();
    expect(set.macd).toBeNull();
  });

  it('have no RSI in a series that never moved, 100 in one that only rose and 0 in one that only fell', () => {
    const rsi = (closes: number[]): number | null => rsiSeries(closes).at(-1)!;
    expect(rsi(Array.from({ length: 30 }, () => 12))).toBeNull();
    expect(rsi(Array.from({ length: 30 }, (_, index) => 12 + index))).toBe(100);
    expect(rsi(Array.from({ length: 30 }, (_, index) => 60 - index))).toBe(0);
  });

  it('compare a bar with the mean volume of the twenty bars before it', () => {
    const bars = [
      ...Array.from({ length: 20 }, (_, index) => bar(10, 100, index)),
      bar(10, 300, 20),
    ];
    expect(volumeRatioSeries(bars).at(-1)).toBe(3);
    expect(volumeRatioSeries(bars.map((item) => ({ ...item, volume: 0 }))).at(-1)).toBeNull();
  });

  it('never are NaN or infinite, never change their input, and do not depend on later bars', () => {
    const walk = fc.array(
      fc.record({ close: fc.double({ min: 0.0001, max: 5000, noNaN: true }), volume: fc.nat(1e9) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(walk, (rows) => {
        const bars = rows.map((row, index) => bar(row.close, row.volume, index));
        const before = JSON.stringify(bars);
        for (const value of Object.values(computeIndicators(bars)))
          expect(value === null || Number.isFinite(value)).toBe(true);
        expect(JSON.stringify(bars)).toBe(before);
        const half = Math.floor(bars.length / 2);
        expect(rsiSeries(bars.map((item) => item.close)).slice(0, half)).toEqual(
          rsiSeries(bars.slice(0, half).map((item) => item.close)),
        );
      }),
      { numRuns: 60 },
    );
  });
});
