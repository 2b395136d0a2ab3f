import type { Bar } from '@catalyst/domain';

/** Seeded numbers in [0, 1): mulberry32. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

/** A bar per close: the open is the close before, wicks and volume vary with the seed. */
export const barsFrom = (
  closes: readonly number[],
  options: {
    start?: number;
    step?: number;
    seed?: number;
    wick?: number;
    volumes?: readonly number[];
  } = {},
): Bar[] => {
  const { start = 0, step = 1, seed = 1, wick = 0.002, volumes = [] } = options;
  const random = randomFrom(seed);
  return closes.map((close, index) => {
    const open = index === 0 ? close : closes[index - 1]!;
    return {
      time_id: start + index * step,
      open,
      high: Math.max(open, close) * (1 + wick * random()),
      low: Math.min(open, close) * (1 - wick * random()),
      close,
      volume: volumes[index] ?? Math.round(1000 * (0.8 + 0.4 * random())),
    };
  });
};

/** A random walk of `count` closes with normal steps of `volatility`. */
export const randomWalk = (seed: number, count: number, volatility = 0.01, from = 50): number[] => {
  const random = randomFrom(seed);
  const closes: number[] = [];
  let price = from;
  for (let index = 0; index < count; index += 1) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    price *= Math.exp(volatility * normal);
    closes.push(price);
  }
  return closes;
};

export const scaled = (bars: readonly Bar[], factor: number): Bar[] =>
  bars.map((bar) => ({
    ...bar,
    open: bar.open * factor,
    high: bar.high * factor,
    low: bar.low * factor,
    close: bar.close * factor,
  }));

/** Quiet bars, a steep pole, then a quiet flag on less volume. */
export const cleanFlag = (
  seed: number,
  shape: { poleBars?: number; flagBars?: number; height?: number; retracement?: number } = {},
): Bar[] => {
  const { poleBars = 5, flagBars = 6, height = 0.08, retracement = 0.3 } = shape;
  const random = randomFrom(seed);
  const closes: number[] = [];
  const volumes: number[] = [];
  for (let index = 0; index < 20; index += 1) {
    closes.push(50 * (1 + 0.003 * (random() - 0.5)));
    volumes.push(1000 + 200 * random());
  }
  for (let index = 1; index <= poleBars; index += 1) {
    closes.push(50 * (1 + (height * index) / poleBars));
    volumes.push(2500 + 500 * random());
  }
  for (let index = 1; index <= flagBars; index += 1) {
    closes.push(
      50 * (1 + height * (1 - (retracement * index) / flagBars + 0.02 * (random() - 0.5))),
    );
    volumes.push(1000 + 200 * random());
  }
  return barsFrom(closes, { seed, wick: 0.001, volumes: volumes.map(Math.round) });
};
