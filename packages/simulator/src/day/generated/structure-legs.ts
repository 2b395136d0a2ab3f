import { FULL_SESSION_MINUTES, OPEN_MINUTE, type SessionEnd } from '../volume-curve.ts';
import type { Leg } from './price-plan.ts';
import type { Random } from './random.ts';
import type { Structure } from './structures.ts';

/** Appends legs by their change of the ratio since the open; keeps the minute and the level. */
const createLegs = (openRatio: number, { close_minute: close, end_minute: end }: SessionEnd) => {
  const legs: Leg[] = [];
  let minute = OPEN_MINUTE;
  return {
    legs,
    close,
    end,
    minute: () => minute,
    /** Moves to `change` (0.01 is one per cent above the open) over `minutes`. */
    move: (minutes: number, change: number, volume: number, volumeEnd = volume): void => {
      minute += minutes;
      legs.push({
        to_minute: minute,
        ratio: openRatio * (1 + change),
        volume,
        volume_end: volumeEnd,
      });
    },
  };
};

type Legs = ReturnType<typeof createLegs>;

/** Swings between two levels until `until`, ending at `last`; the shape of a base. */
const base = (
  legs: Legs,
  until: number,
  low: number,
  high: number,
  last: number,
  volume: number,
  random: Random,
): void => {
  let up = random.chance(0.5);
  while (until - legs.minute() > 24) {
    legs.move(
      random.whole(9, 14),
      up ? high - random.between(0, 0.0006) : low + random.between(0, 0.0008),
      volume,
      volume * 0.92,
    );
    up = !up;
  }
  const left = until - legs.minute();
  if (left > 0) legs.move(left, last, volume * 0.9);
};

/**
 * Climbs from `from` to `to` in steps of about 20 minutes with pullbacks, then holds until the
 * close.
 */
const climb = (legs: Legs, from: number, to: number, minutes: number, volume: number): void => {
  const steps = Math.max(2, Math.round(minutes / 24));
  const rise = (to - from) / steps;
  for (let step = 1; step <= steps; step += 1) {
    legs.move(15, from + rise * step + rise * 0.25, volume * 1.1);
    legs.move(9, from + rise * step - rise * 0.15, volume * 0.75);
  }
};

/** Swings around the straight line from one level to another, which it reaches at the close. */
const hold = (legs: Legs, from: number, to: number, random: Random): void => {
  const start = legs.minute();
  const level = (minute: number): number =>
    from + ((to - from) * (minute - start)) / Math.max(1, legs.close - start);
  for (let turn = 0; legs.minute() < legs.close - 40; turn += 1) {
    const minutes = random.whole(14, 26);
    legs.move(
      minutes,
      level(legs.minute() + minutes) + (turn % 2 === 0 ? -1 : 1) * random.between(0.001, 0.003),
      1.35,
      1.2,
    );
  }
  if (legs.minute() < legs.close) legs.move(legs.close - legs.minute(), to, 1.3);
  legs.move(legs.end - legs.close, to, 1.2);
};

/**
 * What follows the breakout: a climb that lasts, a short climb that comes back to the level, or a
 * fall that gives the gap back to `kept`.
 */
const afterBreakout = (
  legs: Legs,
  level: number,
  structure: Structure,
  kept: number,
  random: Random,
): void => {
  if (structure.outcome === 'runs') {
    const gain = random.between(0.015, 0.026);
    legs.move(8, level + 0.001, 2);
    climb(legs, level + 0.001, level + gain, random.whole(80, 130), 2);
    hold(legs, level + gain - 0.002, level + gain - 0.003, random);
  } else if (structure.outcome === 'stalls') {
    const gain = random.between(0.004, 0.0075);
    legs.move(8, level + 0.001, 1.9);
    climb(legs, level + 0.001, level + gain, random.whole(48, 75), 1.6);
    hold(legs, level + gain - 0.002, level - 0.001, random);
  } else {
    const loss = random.between(0.014, 0.02);
    legs.move(6, level + 0.0005, 2.2, 1.8);
    legs.move(14, level - loss * 0.55, 2.1);
    legs.move(25, level - loss, 1.9, 1.5);
    hold(legs, level - loss, Math.min(kept, level - loss - 0.002), random);
  }
};

const openingRangeBreakout = (
  legs: Legs,
  structure: Structure,
  kept: number,
  random: Random,
): void => {
  legs.move(5, 0.005, 1.9);
  legs.move(5, -0.0045, 1.8);
  legs.move(5, 0.0035, 1.7);
  if (structure.at_minute - 8 > legs.minute())
    base(legs, structure.at_minute - 8, 0.0005, 0.0045, 0.0035, 1.9, random);
  legs.move(Math.max(1, structure.at_minute - legs.minute()), 0.0052, 2, 2.2);
  legs.move(4, 0.0105, 3.8, 3.2);
  afterBreakout(legs, 0.0105, structure, kept, random);
};

/**
 * Pole, shallow pullback on falling volume, breakout. `bar` is the length in minutes of the bars on
 * which the flag is seen best.
 */
const bullFlag = (
  legs: Legs,
  structure: Structure,
  kept: number,
  random: Random,
  bar: number,
): void => {
  legs.move(6, 0.004, 1.8);
  legs.move(9, -0.003, 1.6);
  base(legs, structure.at_minute, -0.003, 0.004, 0.002, 1.75, random);
  const pole = random.between(0.024, 0.034);
  const top = 0.002 + pole;
  const bottom = top - pole * random.between(0.24, 0.34);
  legs.move(bar === 1 ? 7 : 19, top, 3.6, 4.2);
  legs.move(bar === 1 ? 5 : 15, bottom + pole * 0.08, 2.4, 1.9);
  legs.move(bar === 1 ? 5 : 15, bottom, 1.9, 1.6);
  legs.move(bar === 1 ? 3 : 6, top + 0.0045, 3.6, 4);
  afterBreakout(legs, top + 0.0045, structure, kept, random);
};

/** A base whose top is touched several times before it gives way. */
const resistanceBreak = (legs: Legs, structure: Structure, kept: number, random: Random): void => {
  legs.move(7, 0.006, 1.8);
  legs.move(9, -0.004, 1.7);
  base(legs, structure.at_minute, -0.0035, 0.006, 0.005, 1.75, random);
  legs.move(4, 0.0112, 3.4, 3.6);
  afterBreakout(legs, 0.0112, structure, kept, random);
};

const steadyTrend = (legs: Legs, random: Random): void => {
  legs.move(8, 0.004, 1.8);
  legs.move(7, -0.002, 1.6);
  climb(
    legs,
    -0.002,
    random.between(0.014, 0.022),
    (random.whole(200, 260) * (legs.close - OPEN_MINUTE)) / FULL_SESSION_MINUTES,
    1.7,
  );
  hold(legs, 0.016, 0.014, random);
};

/** Good news, falling price: sold from the open, with rallies that fail. */
const fade = (legs: Legs, random: Random): void => {
  legs.move(6, 0.004, 2.4);
  let level = 0.004;
  while (legs.minute() < legs.close - 50) {
    level -= random.between(0.003, 0.006);
    legs.move(random.whole(18, 26), level, 2);
    legs.move(random.whole(8, 12), level + 0.002, 1.4);
  }
  legs.move(legs.close - legs.minute(), level, 1.8);
  legs.move(legs.end - legs.close, level, 1.2);
};

/** What remains at the close of an opening gap whose breakout failed. */
const KEPT_GAP = 0.2;

/**
 * The legs of a structure from the opening bell to half an hour after the close; `openRatio` is the
 * opening price over yesterday's close.
 */
export const structureLegs = (
  structure: Structure,
  openRatio: number,
  session: SessionEnd,
  random: Random,
): Leg[] => {
  const legs = createLegs(openRatio, session);
  const kept = (1 + (openRatio - 1) * KEPT_GAP) / openRatio - 1;
  if (structure.name === 'opening_range_breakout')
    openingRangeBreakout(legs, structure, kept, random);
  else if (structure.name === 'bull_flag') bullFlag(legs, structure, kept, random, 5);
  else if (structure.name === 'quick_bull_flag') bullFlag(legs, structure, kept, random, 1);
  else if (structure.name === 'resistance_break') resistanceBreak(legs, structure, kept, random);
  else if (structure.name === 'steady_trend') steadyTrend(legs, random);
  else fade(legs, random);
  return legs.legs;
};
