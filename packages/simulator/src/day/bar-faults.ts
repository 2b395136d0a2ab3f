import type { SessionHours } from '../market/trading-time.ts';

interface Prices {
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

export interface BarFault {
  column: 'open' | 'high' | 'low' | 'close' | 'volume';
  was: string;
  expected: string;
}

/** Dollars; the dearest share in the United States costs less than a tenth of it. */
const HIGHEST_PRICE = 10_000_000;

/**
 * What is impossible about a bar, or null: prices above zero and at most ten million dollars, low
 * <= open and close <= high, volume not negative.
 */
export const findBarFault = (bar: Prices): BarFault | null => {
  for (const column of ['open', 'high', 'low', 'close'] as const) {
    if (!(bar[column] > 0))
      return { column, was: String(bar[column]), expected: 'a price above 0' };
    if (bar[column] > HIGHEST_PRICE)
      return { column, was: String(bar[column]), expected: `a price of at most ${HIGHEST_PRICE}` };
  }
  if (bar.high < bar.low)
    return { column: 'high', was: String(bar.high), expected: `at least the low ${bar.low}` };
  for (const column of ['open', 'close'] as const) {
    if (bar[column] > bar.high)
      return { column, was: String(bar[column]), expected: `at most the high ${bar.high}` };
    if (bar[column] < bar.low)
      return { column, was: String(bar[column]), expected: `at least the low ${bar.low}` };
  }
  if (!(bar.volume >= 0))
    return { column: 'volume', was: String(bar.volume), expected: '0 or more' };
  return null;
};

const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/**
 * Which minutes a bar of a session may begin in, where `minute` is none of them; null where it is:
 * the extended hours, which on a half day end at 17:00.
 */
export const findMinuteFault = (
  minute: number,
  {
    extended_open_minute: from,
    extended_close_minute: to,
  }: Pick<SessionHours, 'extended_open_minute' | 'extended_close_minute'>,
): string | null =>
  minute >= from && minute < to
    ? null
    : `a minute from ${from} to ${to - 1} (the extended hours, ${clockOf(from)} to ${clockOf(to)} in New York)`;
