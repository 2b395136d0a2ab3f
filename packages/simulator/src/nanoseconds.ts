import { instantText } from './instant-text.ts';
import { seededNumber } from './market/seeded-number.ts';

/*
 * The wire's times. Alpaca's servers write Go's RFC3339Nano: nanoseconds without the zeros at their
 * end, so the same field is now nine digits long, now seven, now none. The simulation moves in
 * milliseconds; what happens at one of its instants is told within that millisecond, in order, each
 * a little after the last. Cut to milliseconds such a time is the simulated instant again.
 */

/** An instant in nanoseconds since 1970. */
export type Nanoseconds = bigint;

const PER_MS = 1_000_000n;

export const toNanoseconds = (milliseconds: number): Nanoseconds => BigInt(milliseconds) * PER_MS;

/** What the text of an instant says beyond its milliseconds. */
export const beyondMilliseconds = (text: string): Nanoseconds => {
  const [, digits = ''] = /\.\d{3}(\d{1,6})/.exec(text) ?? [];
  return BigInt(digits.padEnd(6, '0'));
};

/** `nanoseconds` after an instant, as Go's time.RFC3339Nano writes it, in UTC. */
export const textAfter = (milliseconds: number, nanoseconds: number): string => {
  const digits = instantText(milliseconds).slice(0, -1) + String(nanoseconds).padStart(6, '0');
  return `${digits.replace(/\.?0+$/, '')}Z`;
};

export const nanosecondText = (at: Nanoseconds): string =>
  textAfter(Number(at / PER_MS), Number(at % PER_MS));

/** The same to the microsecond, as what Alpaca keeps in a database has it. */
export const microsecondText = (at: Nanoseconds): string => nanosecondText(at - (at % 1_000n));

/** What happens at an instant comes before this part of its millisecond, the clock's own after it. */
const CLOCK_FROM = 950_000;

/** What the clock shows beyond the milliseconds: later than all else of them, and always the same. */
export const clockNanoseconds = (milliseconds: number): number =>
  CLOCK_FROM + Math.floor(seededNumber('clock', milliseconds) * (1e6 - CLOCK_FROM));

/**
 * What one thing of its kind and name has beyond the milliseconds; a quote comes after its trade.
 */
export const nanosecondsOf = (kind: string, name: string, milliseconds: number): number => {
  const drawn = seededNumber('nanoseconds', kind, name, milliseconds) * (CLOCK_FROM / 2);
  return Math.floor(kind === 'quote' ? CLOCK_FROM / 2 + drawn : drawn);
};

/** Python's times have microseconds: two that differ must differ there too. */
const LEAST_GAP = 1_000;
const FIRST_WITHIN = 200_000;

/** Gives each event of one account its own time. */
export type Timestamps = (milliseconds: number) => Nanoseconds;

/**
 * Times that only rise, at least a microsecond apart; more of them than fit into a millisecond go
 * on into the next one. They depend on the seed and on how many were given at an instant, so the
 * same events have the same times in every run.
 */
export const createTimestamps = (seed: string): Timestamps => {
  let last: Nanoseconds = 0n;
  let instant = Number.NaN;
  let given = 0;
  return (milliseconds) => {
    if (milliseconds !== instant) given = 0;
    instant = milliseconds;
    given += 1;
    const drawn = seededNumber(seed, milliseconds, given);
    const first = toNanoseconds(milliseconds) + BigInt(Math.floor(drawn * FIRST_WITHIN));
    const next = last + BigInt(LEAST_GAP + Math.floor(drawn * LEAST_GAP));
    last = given === 1 && first > next ? first : next;
    return last;
  };
};
