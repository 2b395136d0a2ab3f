import { createHash } from 'node:crypto';
import { Exact, toCents, toDecimalString, type DecimalString } from './money.ts';
import type { Direction, ExitReason } from './order.ts';

/** A position from flat to flat. Prices are average fill prices, unrounded. */
export interface RoundTrip {
  symbol: string;
  side: Direction;
  qty: DecimalString;
  entry_at: string;
  entry_price: DecimalString;
  exit_at: string;
  exit_price: DecimalString;
  exit_reason: ExitReason;
}

/**
 * Dollars gained (negative: lost), to the cent: (exit - entry) x qty, mirrored for a short.
 * Before fees, which a broker charges by the day (day-fees.ts).
 */
export const profitAndLoss = (
  side: Direction,
  qty: string,
  entryPrice: string,
  exitPrice: string,
): DecimalString => {
  const perShare =
    side === 'long'
      ? new Exact(exitPrice).minus(entryPrice)
      : new Exact(entryPrice).minus(exitPrice);
  return toCents(perShare.times(qty));
};

/**
 * Profit in multiples of the risk first taken: per-share profit / |entry - initial stop|; null when
 * there was no stop.
 */
export const rMultiple = (
  side: Direction,
  entryPrice: string,
  exitPrice: string,
  initialStop: string | null,
): number | null => {
  if (initialStop === null) return null;
  const risk = new Exact(entryPrice).minus(initialStop).abs();
  if (risk.isZero()) return null;
  const gain =
    side === 'long'
      ? new Exact(exitPrice).minus(entryPrice)
      : new Exact(entryPrice).minus(exitPrice);
  return gain.div(risk).toDecimalPlaces(4).toNumber();
};

/** JSON with sorted keys and no white space, so that equal values have equal text. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
};

/**
 * SHA-256 (hex) over the canonical JSON of the round trips, ordered by entry time, then symbol; no
 * database ids in it, so two replays of a day agree exactly when their trades do.
 */
export const tradesDigest = (trips: readonly RoundTrip[]): string => {
  const rows = trips.map(
    ({ symbol, side, qty, entry_at, entry_price, exit_at, exit_price, exit_reason }) => ({
      symbol,
      side,
      qty: toDecimalString(qty),
      entry_at,
      entry_price: toDecimalString(entry_price),
      exit_at,
      exit_price: toDecimalString(exit_price),
      exit_reason,
    }),
  );
  rows.sort((a, b) =>
    a.entry_at !== b.entry_at
      ? a.entry_at < b.entry_at
        ? -1
        : 1
      : a.symbol < b.symbol
        ? -1
        : a.symbol > b.symbol
          ? 1
          : 0,
  );
  return createHash('sha256').update(canonicalJson(rows)).digest('hex');
};
