import { meanTrueRange, type Bar, type Timeframe } from '@catalyst/domain';
import { grade, weighConfidence, type Pattern } from './pattern.ts';
import { planTrade } from './trade-levels.ts';
import { highest, lowest, meanVolume } from './bar-extremes.ts';

const POLE_BARS = { min: 3, max: 10 };
const FLAG_BARS = { min: 3, max: 12 };
const BARS_BEFORE = 10;

/** Kaufman's efficiency ratio: net move over the path walked, 0..1. */
const efficiency = (bars: readonly Bar[]): number => {
  let path = 0;
  for (let index = 1; index < bars.length; index += 1)
    path += Math.abs(bars[index]!.close - bars[index - 1]!.close);
  return path > 0 ? (bars.at(-1)!.close - bars[0]!.close) / path : 0;
};

/** Least-squares slope of the closes, dollars per bar. */
const slope = (bars: readonly Bar[]): number => {
  const middle = (bars.length - 1) / 2;
  let above = 0;
  let below = 0;
  bars.forEach((bar, index) => {
    above += (index - middle) * bar.close;
    below += (index - middle) ** 2;
  });
  return above / below;
};

const readFlag = (
  bars: readonly Bar[],
  timeframe: Timeframe,
  poleStart: number,
  flagStart: number,
  leastRange: number,
): Pattern | null => {
  const range = meanTrueRange(bars.slice(0, poleStart + 1));
  const pole = bars.slice(poleStart, flagStart);
  const flag = bars.slice(flagStart);
  const base = lowest(pole.slice(0, 2));
  const top = highest(pole);
  const height = top - base;
  const flagHigh = highest(flag);
  const flagLow = lowest(flag);
  const close = flag.at(-1)!.close;
  if (range === null || highest(pole.slice(-2)) < top || height < 3 * range) return null;
  const retracement = (top - flagLow) / height;
  if (retracement > 0.62 || flagHigh > top + 0.1 * height || close > flagHigh || close < flagLow)
    return null;
  // The trigger is the flag's own high: the first bar of the flag may still touch the pole's top.
  const level = Math.max(highest(flag.slice(1)), close);
  const levels = planTrade({
    level,
    structure_stop: flagLow,
    average_range: Math.max(meanTrueRange(bars) ?? range, leastRange),
    measured_target: level + height,
  });
  if (levels === null) return null;
  const poleVolume = meanVolume(pole);
  const volumeRatio = poleVolume > 0 ? meanVolume(flag) / poleVolume : 1;
  const drift = slope(flag) / height;
  return {
    ...levels,
    ...weighConfidence({
      pole: { weight: 0.25, value: grade(height / range, 3, 7) },
      straightness: {
        weight: 0.2,
        value: grade(efficiency(bars.slice(Math.max(0, poleStart - 1), flagStart)), 0.5, 0.95),
      },
      retracement: { weight: 0.2, value: grade(retracement, 0.62, 0.3) },
      tightness: { weight: 0.1, value: grade((flagHigh - flagLow) / height, 0.6, 0.25) },
      drift: { weight: 0.05, value: drift > 0 ? grade(drift, 0.05, 0) : grade(drift, -0.1, -0.03) },
      volume: { weight: 0.2, value: grade(volumeRatio, 1, 0.6) },
    }),
    pattern: 'bull_flag',
    timeframe,
    evidence: {
      pole_bars: pole.length,
      flag_bars: flag.length,
      pole_ranges: height / range,
      pole_percent: (height / base) * 100,
      retracement,
      flag_volume_ratio: volumeRatio,
    },
    from_time_id: bars[poleStart]!.time_id,
    to_time_id: flag.at(-1)!.time_id,
  };
};

/**
 * Bull flag: a steep pole of 3 to 10 bars and at least three average ranges, then a quiet, slightly
 * falling flag of 3 to 12 bars that gives back at most 62 % of it on less volume, ending at the
 * last bar and not yet broken. The best reading, or null.
 * `leastRange` (dollars) keeps the stop of a fast timeframe out of the spread.
 */
export const detectBullFlag = (
  bars: readonly Bar[],
  timeframe: Timeframe,
  leastRange = 0,
): Pattern | null => {
  let best: Pattern | null = null;
  for (let flagBars = FLAG_BARS.min; flagBars <= FLAG_BARS.max; flagBars += 1) {
    for (let poleBars = POLE_BARS.min; poleBars <= POLE_BARS.max; poleBars += 1) {
      const flagStart = bars.length - flagBars;
      const poleStart = flagStart - poleBars;
      if (poleStart < BARS_BEFORE) continue;
      const found = readFlag(bars, timeframe, poleStart, flagStart, leastRange);
      if (found && (best === null || found.confidence > best.confidence)) best = found;
    }
  }
  return best;
};
