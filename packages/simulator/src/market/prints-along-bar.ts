import type { DayBar } from '../day/day.ts';
import { onTick } from './bar-series.ts';
import { seededNumber } from './seeded-number.ts';

/** Prints that a minute is told in at most; the bar's own trade count may be thousands. */
export const MOST_PRINTS = 20;

/** Prices a bar passes through, in order, each corner once. */
export const cornersOf = ({ open, high, low, close }: DayBar): number[] => {
  const path = close >= open ? [open, low, high, close] : [open, high, low, close];
  return path.filter((price, index) => index === 0 || price !== path[index - 1]);
};

/**
 * A stream of numbers in [0, 1) for one minute: mulberry32 from one seeded number, since a hash for
 * each number would take most of a step.
 */
export const createNumbers = (...parts: readonly (string | number)[]): (() => number) => {
  let state = Math.floor(seededNumber(...parts) * 0x1_0000_0000) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
};

/**
 * `count` prices along the corners: every corner is one of them, the rest lie between neighbours.
 * Where there are fewer prints than corners the close comes first, then the open.
 */
export const pricesAlong = (bar: DayBar, count: number): number[] => {
  const corners = cornersOf(bar);
  if (count === 1) return [bar.close];
  if (count < corners.length) return [...corners.slice(0, count - 1), bar.close];
  if (corners.length === 1) return new Array<number>(count).fill(bar.close);
  const segments = corners.length - 1;
  const prices: number[] = [];
  for (let segment = 0; segment < segments; segment += 1) {
    const from = corners[segment] as number;
    const to = corners[segment + 1] as number;
    // the prints between the corners, shared out as evenly as whole numbers allow
    const steps =
      Math.floor(((count - 1) * (segment + 1)) / segments) -
      Math.floor(((count - 1) * segment) / segments);
    prices.push(from);
    for (let step = 1; step < steps; step += 1)
      prices.push(
        Math.min(bar.high, Math.max(bar.low, onTick(from + ((to - from) * step) / steps))),
      );
  }
  prices.push(bar.close);
  return prices;
};

/**
 * Whole shares that add up to `volume`, at least one each; a fraction of a share, which only an odd
 * vendor has, goes to the last.
 */
export const sizesOf = (volume: number, count: number, random: () => number): number[] => {
  const weights = Array.from({ length: count }, () => 0.2 + random());
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const spare = Math.max(0, Math.floor(volume) - count);
  const sizes: number[] = [];
  let reached = 0;
  let given = 0;
  for (let index = 0; index < count - 1; index += 1) {
    reached += weights[index] as number;
    const upTo = Math.floor((spare * reached) / total);
    sizes.push(1 + upTo - given);
    given = upTo;
  }
  const before = sizes.reduce((sum, size) => sum + size, 0);
  return [...sizes, volume - before];
};
