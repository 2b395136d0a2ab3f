import { SPREAD_RATIO } from '../../exchange/fill-model/spread.ts';
import type { Random } from './random.ts';

/** Prices between two steps of the path; a minute of six steps is told in at most 36 prices. */
const PRICES_PER_STEP = 6;

/** The standard deviation of a uniform number from -1 to 1 is a third of the root of three. */
const UNIT = Math.sqrt(3);
/**
 * Deviations of a bridge's next price, over that of the whole step, by how many prices are left.
 */
const BRIDGE = Array.from({ length: PRICES_PER_STEP + 1 }, (_, left) =>
  left === 0 ? 0 : UNIT * Math.sqrt((left - 1) / left / PRICES_PER_STEP),
);

/**
 * Half of the spread that trades bounce in, that of the fill model: at least half a cent. In cents.
 */
const halfSpread = (mid: number): number => Math.max(0.5, (mid * SPREAD_RATIO) / 2);

/** Prices in whole cents. */
export interface MinutePrices {
  open: number;
  high: number;
  low: number;
  close: number;
}

/**
 * What a minute's trades print, the last one at the last step. Between two steps the mid is a
 * Brownian bridge as rough as the path (`deviation` of one step, in cents), and each trade is at
 * the bid or at the ask around it. `trades` are the most that there are: those of a quiet minute
 * lie evenly between the steps.
 */
export const minutePrices = (
  from: number,
  steps: readonly number[],
  deviation: number,
  trades: number,
  random: Random,
): MinutePrices => {
  const all = steps.length * PRICES_PER_STEP;
  const told = Math.min(all, trades);
  const half = halfSpread(from);
  let mid = from;
  let due = 0;
  let [open, high, low, close] = [0, -Infinity, Infinity, 0];
  for (const to of steps) {
    for (let left = PRICES_PER_STEP; left > 0; left -= 1) {
      const noise = deviation * (BRIDGE[left] ?? 0) * random.between(-1, 1);
      mid = left === 1 ? to : mid + (to - mid) / left + noise;
      const price = random.chance(0.5) ? mid + half : mid - half;
      due += told;
      if (due < all) continue;
      due -= all;
      close = price;
      if (open === 0) open = price;
      if (price > high) high = price;
      if (price < low) low = price;
    }
  }
  // rounding keeps the order, so the four that are told are rounded last
  const cents = (price: number): number => Math.max(1, Math.round(price));
  return { open: cents(open), high: cents(high), low: cents(low), close: cents(close) };
};
