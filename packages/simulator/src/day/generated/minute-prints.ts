import type { Random } from './random.ts';

/** Prices between two steps of the path; a minute of six steps is told in at most 36 prices. */
const PRICES_PER_STEP = 6;

/** The standard deviation of a uniform number from -1 to 1 is a third of the root of three. */
const UNIT = Math.sqrt(3);

/** Half of the spread that trades bounce in: two hundredths of a per cent and at least half a cent, the spread of the fill model. In cents. */
const halfSpread = (mid: number): number => Math.max(0.5, mid * 0.0002);

/**
 * Prices of the trades of one minute in whole cents, the last at the last step. Between two steps the mid is a Brownian bridge as rough as the path (`deviation`
 * of one step, in cents); each trade is at the bid or at the ask. `trades` are the most that there are.
 */
export const minutePrints = (from: number, steps: readonly number[], deviation: number, trades: number, random: Random): number[] => {
  const mids: number[] = [];
  let mid = from;
  for (const to of steps) {
    for (let left = PRICES_PER_STEP; left > 0; left -= 1) {
      const noise = deviation * Math.sqrt((left - 1) / left / PRICES_PER_STEP) * UNIT * random.between(-1, 1);
      mid = left === 1 ? to : mid + (to - mid) / left + noise;
      mids.push(mid);
    }
    mid = to;
  }
  const prints = mids.map((price) => Math.max(1, Math.round(price + halfSpread(price) * (random.chance(0.5) ? 1 : -1))));
  const count = Math.min(prints.length, trades);
  return Array.from({ length: count }, (_, index) => prints[Math.round(((index + 1) * prints.length) / count) - 1] ?? 1);
};
