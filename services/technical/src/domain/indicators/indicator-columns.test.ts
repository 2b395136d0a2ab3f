import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ATR, BollingerBands, EMA, MACD, OBV, SMA } from 'technicalindicators';
import type { Bar } from '@catalyst/domain';
import { referenceData } from '@catalyst/testkit';
import { readBarCsv, readGzippedJson } from '../../../tests/reference-data.ts';
import {
  addBar,
  computeColumns,
  createIndicators,
  indicatorsAt,
  type BarColumns,
  type IndicatorSet,
} from './indicator-columns.ts';
import { extendEma } from './moving-averages.ts';

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
const columnsOf = (bars: readonly Bar[]): BarColumns => ({
  high: Float64Array.from(bars, ({ high }) => high),
  low: Float64Array.from(bars, ({ low }) => low),
  close: Float64Array.from(bars, ({ close }) => close),
  volume: Float64Array.from(bars, ({ volume }) => volume),
});
/** The indicators at every bar. */
const everySet = (bars: readonly Bar[]): IndicatorSet[] => {
  const all = computeColumns(columnsOf(bars));
  return bars.map((_, index) => indicatorsAt(all, index));
};
const lastSet = (bars: readonly Bar[]): IndicatorSet => indicatorsAt(createIndicators(bars));

const expectClose = (actual: readonly (number | null)[], expected: readonly (number | null)[]) => {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, index) => {
    if (value === null) expect({ index, value: actual[index] }).toEqual({ index, value: null });
    else
      expect(Math.abs(actual[index]! - value)).toBeLessThanOrEqual(
        1e-9 * Math.max(1, Math.abs(value)),
      );
  });
};

const walk = fc
  .array(
    fc.record({
      close: fc.double({ min: 0.0001, max: 5000, noNaN: true }),
      above: fc.double({ min: 0, max: 0.1, noNaN: true }),
      below: fc.double({ min: 0, max: 0.1, noNaN: true }),
      volume: fc.nat(1e9),
    }),
    { minLength: 1, maxLength: 450, size: 'max' },
  )
  .map((rows) =>
    rows.map(({ close, above, below, volume }, index): Bar => ({
      time_id: index,
      open: close,
      high: close * (1 + above),
      low: close * (1 - below),
      close,
      volume,
    })),
  );

describe('indicators', () => {
  withReference('agree with the reference series to nine digits', () => {
    const bars = readBarCsv(join(folder!, 'indicators/default.csv'));
    const sets = everySet(bars);
    const references: [keyof IndicatorSet, file: string, field: string][] = [
      ['sma_20', 'sma', 'sma'],
      ['rsi_14', 'rsi', 'rsi'],
      ['atr_14', 'atr', 'atr'],
      ['obv', 'obv', 'obv'],
      ['bollinger_upper', 'bb', 'upperBand'],
      ['bollinger_middle', 'bb', 'sma'],
      ['bollinger_lower', 'bb', 'lowerBand'],
      ['macd', 'macd', 'macd'],
      ['macd_signal', 'macd', 'signal'],
      ['macd_histogram', 'macd', 'histogram'],
    ];
    for (const [name, file, field] of references) {
      const rows = readGzippedJson<Record<string, number | null>[]>(
        join(folder!, 'indicators/expected', `${file}.standard.json.gz`),
      );
      expectClose(
        sets.map((set) => set[name]),
        rows.map((row) => row[field] ?? null),
      );
    }
    const average = new Float64Array(bars.length);
    extendEma(columnsOf(bars).close, 20, average, 0, bars.length);
    const rows = readGzippedJson<{ ema: number | null }[]>(
      join(folder!, 'indicators/expected/ema.standard.json.gz'),
    );
    expectClose(
      Array.from(average, (value) => (Number.isNaN(value) ? null : value)),
      rows.map((row) => row.ema),
    );
  });

  withReference('of an empty, a zero and a penny series hold no NaN', () => {
    for (const name of ['zeros', 'penny', 'intraday', 'bad']) {
      const bars = readBarCsv(join(folder!, 'indicators', `${name}.csv`)).map((item) =>
        Number.isFinite(item.close + item.high + item.low + item.volume)
          ? item
          : bar(0, 0, item.time_id),
      );
      for (const value of Object.values(lastSet(bars)))
        expect(value === null || Number.isFinite(value)).toBe(true);
    }
  });

  it('agree with technicalindicators on any prices', () => {
    fc.assert(
      fc.property(walk, (bars) => {
        const values = bars.map(({ close }) => close);
        const sets = everySet(bars);
        // the library leaves out the bars before its first value
        const expectSeries = (name: keyof IndicatorSet, series: readonly (number | undefined)[]) =>
          expectClose(
            sets.map((set) => set[name]),
            [
              ...Array.from({ length: bars.length - series.length }, () => null),
              ...series.map((value) => value ?? null),
            ],
          );
        for (const period of [20, 50, 200] as const)
          expectSeries(`sma_${period}`, SMA.calculate({ period, values }));
        for (const period of [9, 21] as const)
          expectSeries(`ema_${period}`, EMA.calculate({ period, values }));
        const high = bars.map((item) => item.high);
        const low = bars.map((item) => item.low);
        expectSeries('atr_14', ATR.calculate({ period: 14, high, low, close: values }));
        const volume = bars.map((item) => item.volume);
        expectSeries('obv', [0, ...OBV.calculate({ close: values, volume })]);
        const macd = MACD.calculate({
          values,
          fastPeriod: 12,
          slowPeriod: 26,
          signalPeriod: 9,
          SimpleMAOscillator: false,
          SimpleMASignal: false,
        });
        expectSeries(
          'macd',
          macd.map((row) => row.MACD),
        );
        expectSeries(
          'macd_signal',
          macd.map((row) => row.signal),
        );
        expectSeries(
          'macd_histogram',
          macd.map((row) => row.histogram),
        );
        const bands = BollingerBands.calculate({ period: 20, stdDev: 2, values });
        expectSeries(
          'bollinger_upper',
          bands.map((row) => row.upper),
        );
        expectSeries(
          'bollinger_lower',
          bands.map((row) => row.lower),
        );
      }),
      { numRuns: 25 },
    );
  });

  it('are the same to the bit as columns, bar by bar, and at the last bar alone', () => {
    fc.assert(
      fc.property(walk, fc.nat(450), (bars, begin) => {
        const first = Math.min(begin, bars.length - 1);
        const running = createIndicators(bars.slice(0, first + 1));
        const sets = [indicatorsAt(running)];
        for (const added of bars.slice(first + 1)) {
          addBar(running, added);
          sets.push(indicatorsAt(running));
        }
        expect(sets).toEqual(everySet(bars).slice(first));
      }),
      { numRuns: 40 },
    );
  });

  it('never are NaN or infinite, never change their input, and do not depend on later bars', () => {
    fc.assert(
      fc.property(walk, (bars) => {
        const before = JSON.stringify(bars);
        const sets = everySet(bars);
        const values = sets.flatMap((set) => Object.values(set));
        expect(values.filter((value) => value !== null && !Number.isFinite(value))).toEqual([]);
        expect(JSON.stringify(bars)).toBe(before);
        const half = Math.floor(bars.length / 2);
        expect(everySet(bars.slice(0, half))).toEqual(sets.slice(0, half));
      }),
      { numRuns: 40 },
    );
  });

  it('keep their digits after a price that falls to a ninety-thousandth', () => {
    const closes = Array.from({ length: 600 }, (_, index) =>
      index < 300 ? 600_000 + 1000 * Math.sin(index) : 6.6 + Math.sin(index),
    );
    const sets = everySet(closes.map((close, index) => bar(close, 1000, index)));
    for (let index = 500; index < 600; index += 1) {
      for (const period of [20, 50, 200] as const) {
        const window = closes.slice(index - period + 1, index + 1);
        const mean = window.reduce((sum, value) => sum + value, 0) / period;
        expect(Math.abs(sets[index]![`sma_${period}`]! - mean)).toBeLessThan(1e-13);
      }
      const { bollinger_upper: upper, bollinger_middle: middle } = sets[index]!;
      const squares = closes
        .slice(index - 19, index + 1)
        .reduce((sum, value) => sum + (value - middle!) ** 2, 0);
      expect(Math.abs(upper! - middle! - 2 * Math.sqrt(squares / 20))).toBeLessThan(1e-13);
    }
  });

  it('are null where too few bars exist', () => {
    expect(Object.values(lastSet([])).every((value) => value === null)).toBe(true);
    const set = lastSet(Array.from({ length: 20 }, (_, index) => bar(10 + (index % 3), 1, index)));
    expect(set.sma_20).not.toBeNull();
    expect(set.sma_50).toBeNull();
    expect(set.volume_ratio).toBeNull();
    expect(set.macd).toBeNull();
  });

  it('have no RSI in a series that never moved, 100 in one that only rose and 0 in one that only fell', () => {
    const rsi = (price: (index: number) => number): number | null =>
      lastSet(Array.from({ length: 30 }, (_, index) => bar(price(index), 1, index))).rsi_14;
    expect(rsi(() => 12)).toBeNull();
    expect(rsi((index) => 12 + index)).toBe(100);
    expect(rsi((index) => 60 - index)).toBe(0);
  });

  it('compare a bar with the mean volume of the twenty bars before it', () => {
    const bars = [
      ...Array.from({ length: 20 }, (_, index) => bar(10, 100, index)),
      bar(10, 300, 20),
    ];
    expect(lastSet(bars).volume_ratio).toBe(3);
    expect(lastSet(bars.map((item) => ({ ...item, volume: 0 }))).volume_ratio).toBeNull();
  });
});
