import { MINUTE_MS } from '../market/trading-time.ts';
import { nanosecondsOf } from '../nanoseconds.ts';
import type { DataEvent } from './data-stream.ts';
import { WireInstant } from './wire-instant.ts';

/*
 * Alpaca's test stream: one fictional stock, told at any hour. Its values are those that Alpaca's
 * documentation shows of the quote and the bar and users of the trade, always the same: a quote and
 * a trade every five seconds, a bar every minute.
 */

export const TEST_CHANNELS = ['trades', 'quotes', 'bars'] as const;

/** The one symbol of the test stream; no day lists it. */
export const TEST_SYMBOL = 'FAKEPACA';
const EVERY_MS = 5_000;

const quote = (at_ms: number): object => ({
  T: 'q',
  S: TEST_SYMBOL,
  bx: 'O',
  bp: 133.85,
  bs: 4,
  ax: 'R',
  ap: 135.77,
  as: 5,
  c: ['R'],
  z: 'A',
  t: new WireInstant(at_ms, nanosecondsOf('quote', TEST_SYMBOL, at_ms)),
});
const trade = (at_ms: number): object => ({
  T: 't',
  S: TEST_SYMBOL,
  i: 1,
  x: 'N',
  p: 134.56,
  s: 3,
  c: [' '],
  z: 'A',
  t: new WireInstant(at_ms, nanosecondsOf('trade', TEST_SYMBOL, at_ms)),
});
/** The bar of the minute that ends at `at_ms`. */
const bar = (at_ms: number): object => ({
  T: 'b',
  S: TEST_SYMBOL,
  o: 132.65,
  h: 136,
  l: 132.12,
  c: 134.65,
  v: 205,
  t: new WireInstant(at_ms - MINUTE_MS),
  n: 16,
  vw: 133.7,
});

/** What the test stream tells of (after_ms, until_ms]. */
export const testEventsBetween = (after_ms: number, until_ms: number): DataEvent[] => {
  const events: DataEvent[] = [];
  const add = (channel: (typeof TEST_CHANNELS)[number], message: object): void =>
    void events.push({ channel, symbols: [TEST_SYMBOL], message });
  for (
    let at_ms = (Math.floor(after_ms / EVERY_MS) + 1) * EVERY_MS;
    at_ms <= until_ms;
    at_ms += EVERY_MS
  ) {
    add('quotes', quote(at_ms));
    add('trades', trade(at_ms));
    if (at_ms % MINUTE_MS === 0) add('bars', bar(at_ms));
  }
  return events;
};
