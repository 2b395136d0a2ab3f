import { expect, it } from '@jest/globals';
import { dailyPath, type DailyShape, wilderRsi } from './daily-path.ts';

const SESSIONS = 252;
const SIX_WEEKS = 30;
const dates = Array.from({ length: SESSIONS }, (_, index) =>
  new Date(Date.UTC(2025, 0, 1 + index)).toISOString().slice(0, 10),
);
const shapes: Record<string, DailyShape> = {
  'a steady rise': { recent_drift: 0.002, rsi: [50, 64], to_sma20: [1.008, 1.05] },
  'an overbought one': { recent_drift: 0.011, rsi: [74, 86], to_sma20: [1.04, 1.3] },
  'a downtrend': { recent_drift: -0.006, rsi: [27, 42], to_sma20: [0.82, 0.94] },
};

it.each(
  [-0.015, 0, 0.015].flatMap((lately) =>
    Object.keys(shapes).map((name) => [name, lately] as const),
  ),
)('a stock ends its year as %s, whatever its market did lately: %d a session', (name, lately) => {
  const shape = shapes[name]!;
  const flat = dates.map(() => 0);
  const closes = dailyPath({
    seed: 1,
    symbol: 'ACME',
    sector: 'Energy',
    dates,
    last_close: 50,
    mean_volume: 1_000_000,
    least_volume: 100_000,
    volatility: 0.016,
    beta: 1,
    factors: {
      market: dates.map((_, index) => (index < SESSIONS - SIX_WEEKS ? 0.0004 : lately)),
      sector: () => flat,
    },
    shape,
  }).map(({ close }) => close);
  const last = closes.at(-1)!;
  expect(last).toBe(50);
  const isWithin = (value: number, [low, high]: readonly [number, number]) => {
    // a bar's close is in cents
    expect(value).toBeGreaterThan(low * 0.999);
    expect(value).toBeLessThan(high * 1.001);
  };
  isWithin(wilderRsi(closes), shape.rsi!);
  isWithin(last / (closes.slice(-20).reduce((sum, one) => sum + one, 0) / 20), shape.to_sma20!);
});
