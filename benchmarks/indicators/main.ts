import { parseArgs } from 'node:util';
import { ATR, BollingerBands, EMA, MACD, OBV, RSI, SMA } from 'technicalindicators';
import type { Bar } from '@catalyst/domain';
import {
  addBar,
  computeColumns,
  createIndicators,
} from '../../services/technical/src/domain/indicators/indicator-columns.ts';
import { atr, bollinger, ema, macd, obv, rsi, sma } from './bare-loops.ts';

/**
 * SMA 20, 50 and 200, EMA 9 and 21, RSI, MACD, ATR, Bollinger bands and OBV of 100 symbols with 500
 * bars each: ours, bare typed loops, and technicalindicators, side by side in one run. Rounds
 * alternate, and each ratio is the median of the ratios within a round.
 */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '21' }, json: { type: 'boolean', default: false } },
});
const rounds = Number(values.rounds);
if (!Number.isSafeInteger(rounds) || rounds < 1) {
  process.stderr.write(`--rounds must be a whole number of at least 1, was ${values.rounds}\n`);
  process.exit(2);
}
const SYMBOLS = 100;
const BARS = 500;

// a linear congruential generator: the same prices in every run
let seed = 7;
const uniform = (): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};
const randomWalk = (): Bar[] => {
  let close = 20 + 180 * uniform();
  return Array.from({ length: BARS }, (_, index) => {
    const open = close;
    close *= 1 + (uniform() - 0.5) * 0.02;
    return {
      time_id: index,
      open,
      high: Math.max(open, close) * (1 + uniform() * 0.005),
      low: Math.min(open, close) * (1 - uniform() * 0.005),
      close,
      volume: Math.floor(1_000_000 * uniform()),
    };
  });
};
const series = Array.from({ length: SYMBOLS }, randomWalk);
const columns = series.map((bars) => ({
  high: Float64Array.from(bars, ({ high }) => high),
  low: Float64Array.from(bars, ({ low }) => low),
  close: Float64Array.from(bars, ({ close }) => close),
  volume: Float64Array.from(bars, ({ volume }) => volume),
}));
const arrays = series.map((bars) => ({
  high: bars.map(({ high }) => high),
  low: bars.map(({ low }) => low),
  close: bars.map(({ close }) => close),
  volume: bars.map(({ volume }) => volume),
}));

/** Keeps what is computed from being computed for nobody. */
let sink = 0;
const use = (value: number | undefined): void => {
  sink += value ?? 0;
};

const programs = {
  ours: () => {
    for (const bars of columns) use(computeColumns(bars).columns.macd_histogram[BARS - 1]);
  },
  bare_loops: () => {
    for (const { high, low, close, volume } of columns) {
      for (const period of [20, 50, 200]) use(sma(close, period)[BARS - 1]);
      for (const period of [9, 21]) use(ema(close, period)[BARS - 1]);
      use(rsi(close)[BARS - 1]);
      use(macd(close)[2]![BARS - 1]);
      use(atr(high, low, close)[BARS - 1]);
      use(bollinger(close)[0]![BARS - 1]);
      use(obv(close, volume)[BARS - 1]);
    }
  },
  technicalindicators: () => {
    for (const { high, low, close, volume } of arrays) {
      for (const period of [20, 50, 200]) use(SMA.calculate({ period, values: close }).at(-1));
      for (const period of [9, 21]) use(EMA.calculate({ period, values: close }).at(-1));
      use(RSI.calculate({ period: 14, values: close }).at(-1));
      const periods = { fastPeriod: 12, slowPeriod: 26, signalPeriod: 9 };
      const simple = { SimpleMAOscillator: false, SimpleMASignal: false };
      use(MACD.calculate({ values: close, ...periods, ...simple }).at(-1)?.histogram);
      use(ATR.calculate({ period: 14, high, low, close }).at(-1));
      use(BollingerBands.calculate({ period: 20, stdDev: 2, values: close }).at(-1)?.upper);
      use(OBV.calculate({ close, volume }).at(-1));
    }
  },
  /** As the funnel asks it: bars as objects, and the last value alone. */
  last_values_only: () => {
    for (const bars of series) use(createIndicators(bars).columns.sma_20[BARS - 1]);
  },
};
type Program = keyof typeof programs;
const names = Object.keys(programs) as Program[];

// the clock of processor time is coarse beside the short ones
const REPEATS: Readonly<Record<Program, number>> = {
  ours: 20,
  bare_loops: 20,
  technicalindicators: 1,
  last_values_only: 20,
};
/** Milliseconds of processor time, which other programs of a busy machine do not lengthen. */
const timed = (work: () => void, repeats = 1): number => {
  const before = process.cpuUsage();
  for (let repeat = 0; repeat < repeats; repeat += 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / repeats;
};
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)]!;

for (let round = 0; round < 5; round += 1) for (const name of names) programs[name]();
const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
  Program,
  number[]
>;
const addedTimes: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  for (const name of names) times[name].push(timed(programs[name], REPEATS[name]));
  const states = series.map((bars) => createIndicators(bars.slice(0, -1)));
  addedTimes.push(
    timed(() => states.forEach((state, index) => addBar(state, series[index]!.at(-1)!))),
  );
}

const ratio = (over: Program, under: Program): number =>
  median(times[over].map((time, round) => time / times[under][round]!));
const result = {
  benchmark: 'indicators',
  symbols: SYMBOLS,
  bars: BARS,
  rounds,
  ours_ms: median(times.ours),
  bare_loops_ms: median(times.bare_loops),
  technicalindicators_ms: median(times.technicalindicators),
  last_values_only_ms: median(times.last_values_only),
  one_bar_added_ms: median(addedTimes),
  ours_to_bare_loops: ratio('ours', 'bare_loops'),
  technicalindicators_to_ours: ratio('technicalindicators', 'ours'),
  technicalindicators_to_last_values_only: ratio('technicalindicators', 'last_values_only'),
};
if (!Number.isFinite(sink)) throw new Error('an indicator has no last value');
if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
else
  for (const [name, value] of Object.entries(result))
    process.stdout.write(
      `${name.padEnd(40)} ${typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(2) : String(value)}\n`,
    );
