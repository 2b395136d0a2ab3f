import type { GicsSector } from '@catalyst/domain';
import type { DailyBar } from '../day.ts';
import { clusteredShocks, type Factors } from './factors.ts';
import { createRandom, growth, significant } from './random.ts';

/** What the year of closes must end like; each pair is the lowest and the highest value allowed. */
export interface DailyShape {
  /** Drift of the last 30 sessions, per session. */
  recent_drift: number;
  /** Wilder's RSI over 14 sessions at the last close. */
  rsi?: readonly [number, number];
  /** Last close over the mean of the last 20 closes. */
  to_sma20?: readonly [number, number];
  /** Highest close of the last 20 sessions over the last close. */
  to_high20?: readonly [number, number];
}

export interface DailyPathInput {
  seed: number;
  symbol: string;
  sector: GicsSector;
  dates: readonly string[];
  /** Raw close of the last session, dollars. */
  last_close: number;
  /** Mean volume of the last 20 sessions, shares. */
  mean_volume: number;
  /** No session of the last 60 trades less. */
  least_volume: number;
  /** Standard deviation of the stock's own daily return. */
  volatility: number;
  beta: number;
  factors: Factors;
  shape: DailyShape;
}

const RECENT = 30;
const MOST_ATTEMPTS = 5000;
const LOWEST_PRICE = 1.05;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Wilder's relative strength index of the last close (New Concepts in Technical Trading Systems,
 * 1978).
 */
export const wilderRsi = (closes: readonly number[], period = 14): number => {
  let gain = 0;
  let loss = 0;
  for (let index = 1; index < closes.length; index += 1) {
    const change = (closes[index] ?? 0) - (closes[index - 1] ?? 0);
    const weight = Math.min(index, period);
    gain += (Math.max(change, 0) - gain) / weight;
    loss += (Math.max(-change, 0) - loss) / weight;
  }
  return loss === 0 ? 100 : 100 - 100 / (1 + gain / loss);
};

const within = (value: number, range: readonly [number, number] | undefined): boolean =>
  range === undefined || (value >= range[0] && value <= range[1]);

const fits = (closes: readonly number[], shape: DailyShape): boolean => {
  const last = closes.at(-1) ?? 0;
  const recent = closes.slice(-20);
  return (
    within(last / mean(recent), shape.to_sma20) &&
    within(Math.max(...recent) / last, shape.to_high20) &&
    within(wilderRsi(closes), shape.rsi)
  );
};

/**
 * Levels that start anywhere and grow by the returns; scaled by the caller so that the last is the
 * last close.
 */
const levels = (returns: readonly number[]): number[] => {
  let level = 1;
  return returns.map((change) => (level *= 1 + Math.max(-0.2, Math.min(0.2, change))));
};

/**
 * Closes that end as the shape asks: the year is drawn once, the recent sessions again until they
 * fit. Where market and sector leave the shape no room, the stock goes lately against them.
 */
const drawCloses = (input: DailyPathInput): number[] => {
  const { seed, symbol, dates, factors, shape, volatility, beta } = input;
  const market = factors.market;
  const sector = factors.sector(input.sector);
  const base = clusteredShocks(dates.length, createRandom(seed, `daily:${symbol}`).bell);
  const shared = dates.map((_, index) => beta * (market[index] ?? 0) + (sector[index] ?? 0));
  const against = -mean(shared.slice(-RECENT));
  for (let attempt = 0; attempt < 2 * MOST_ATTEMPTS; attempt += 1) {
    const drift = shape.recent_drift + (attempt < MOST_ATTEMPTS ? 0 : against);
    const random = createRandom(seed, `daily:${symbol}:${attempt}`);
    const returns = base.map((shock, index) => {
      const recent = index >= dates.length - RECENT;
      return (
        (shared[index] ?? 0) +
        (recent ? drift + volatility * random.bell() : 0.0004 + volatility * shock)
      );
    });
    const path = levels(returns);
    const scale = input.last_close / (path.at(-1) ?? 1);
    const closes = path.map((level) => Math.max(LOWEST_PRICE, level * scale));
    if (fits(closes, shape)) return closes;
  }
  throw new RangeError(
    `${symbol}: no path of ${dates.length} sessions fits ${JSON.stringify(shape)} after ${2 * MOST_ATTEMPTS} attempts`,
  );
};

const cents = (price: number): number => Math.max(1, Math.round(price * 100)) / 100;

/** A year of daily bars, oldest first, whose last close and mean volume are the ones asked for. */
export const dailyPath = (input: DailyPathInput): DailyBar[] => {
  const closes = drawCloses(input);
  const random = createRandom(input.seed, `daily-bars:${input.symbol}`);
  let busy = 0;
  const rough = closes.map((close, index) => {
    const before = closes[index - 1] ?? close;
    const change = close / before - 1;
    busy = 0.6 * busy + 0.16 * random.bell();
    return { close, before, activity: growth(busy + 5 * Math.min(0.12, Math.abs(change))) };
  });
  const scale = input.mean_volume / mean(rough.slice(-20).map((bar) => bar.activity));
  return rough.map(({ close, before, activity }, index) => {
    const open = before * (1 + 0.35 * input.volatility * random.bell());
    const high = Math.max(open, close) * (1 + 0.4 * input.volatility * Math.abs(random.bell()));
    const low = Math.min(open, close) * (1 - 0.4 * input.volatility * Math.abs(random.bell()));
    const floor =
      index >= input.dates.length - 60 ? input.least_volume * (1 + 0.15 * random.next()) : 0;
    return {
      date: input.dates[index] ?? '',
      open: cents(open),
      high: cents(high),
      low: cents(low),
      close: cents(close),
      volume: significant(Math.max(floor, activity * scale), 4),
    };
  });
};
