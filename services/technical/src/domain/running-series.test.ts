import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Bar } from '@catalyst/domain';
import { indicatorsAt } from './indicators/indicator-columns.ts';
import { continueSeries, type RunningSeries } from './running-series.ts';

const session = { open_time_id: 1000, close_time_id: 1120 };
const bar = (time_id: number, close: number): Bar => ({
  time_id,
  open: close,
  high: close + 1,
  low: close - 1,
  close,
  volume: 100 + time_id,
});
const earlier = Array.from({ length: 60 }, (_, index) => bar(index * 5, 50 + (index % 7)));
const valuesOf = ({ indicators }: RunningSeries) => ({
  bars: indicators.bars,
  ...indicatorsAt(indicators),
});

describe('a running series', () => {
  it('has the values of one that is made anew, whatever minutes are missing or come late', () => {
    const minutes = fc.array(
      fc.record({
        traded: fc.boolean(),
        close: fc.double({ min: 10, max: 100, noNaN: true }),
        late: fc.nat(3),
      }),
      { minLength: 20, maxLength: 120, size: 'max' },
    );
    fc.assert(
      fc.property(minutes, fc.integer({ min: 1, max: 7 }), (told, every) => {
        let kept: Bar[] = [];
        let series: RunningSeries | undefined;
        for (let now = 1000 + every; now <= 1000 + told.length + 5; now += every) {
          const known = told.flatMap(({ traded, close, late }, index) =>
            traded && 1000 + index + 1 + late <= now ? [bar(1000 + index, close)] : [],
          );
          const grown = kept.every((held, index) => held.time_id === known[index]?.time_id);
          if (grown) kept.push(...known.slice(kept.length));
          else kept = known;
          series = continueSeries(series, earlier, kept, session, now);
          expect(valuesOf(series)).toEqual(
            valuesOf(continueSeries(undefined, earlier, known, session, now)),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('adds five minutes once they are over, and no bar where nothing was traded', () => {
    const minutes = [bar(1000, 20), bar(1003, 21)];
    const before = continueSeries(undefined, earlier, minutes, session, 1004);
    expect(before.indicators.bars).toBe(60);
    minutes.push(bar(1004, 22));
    const after = continueSeries(before, earlier, minutes, session, 1005);
    expect(after.indicators.bars).toBe(61);
    minutes.push(bar(1011, 23));
    expect(continueSeries(after, earlier, minutes, session, 1015).indicators.bars).toBe(62);
  });

  it('is made anew on another background, and on other bars of the same minutes', () => {
    const minutes = [bar(1000, 20)];
    const series = continueSeries(undefined, earlier, minutes, session, 1005);
    expect(continueSeries(series, earlier.slice(10), minutes, session, 1005).indicators.bars).toBe(
      51,
    );
    const corrected = continueSeries(series, earlier, [bar(1000, 30)], session, 1005);
    expect(valuesOf(corrected)).toEqual(
      valuesOf(continueSeries(undefined, earlier, [bar(1000, 30)], session, 1005)),
    );
  });
});
