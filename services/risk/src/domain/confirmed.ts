import { Exact, type DecimalString, type Instant } from '@catalyst/domain';

export interface AccountRead {
  read_at: Instant;
  equity_usd: DecimalString;
}

/** Two more reads, five seconds apart, have to agree; clocks and answers take their part of it. */
const READS = 3;
const LEAST_SPAN_MS = 9_000;
const MOST_SPAN_MS = 90_000;

/**
 * Whether three reads of the account in a row, over ten seconds, say that a limit is reached: one
 * phantom quote moves an account once. `reads` are the latest, the latest first.
 */
export const isConfirmed = (
  reads: readonly AccountRead[],
  isReached: (equity_usd: DecimalString) => boolean,
): boolean => {
  const latest = reads.slice(0, READS);
  if (latest.length < READS || !latest.every(({ equity_usd }) => isReached(equity_usd)))
    return false;
  const span = Date.parse(latest[0]!.read_at) - Date.parse(latest.at(-1)!.read_at);
  return span >= LEAST_SPAN_MS && span <= MOST_SPAN_MS;
};

/** Dollars by which an equity lies below the day's highest, never less than nothing. */
export const drawdownOf = (
  equity_usd: DecimalString,
  highest_usd: DecimalString | null,
): DecimalString => Exact.max(0, new Exact(highest_usd ?? equity_usd).minus(equity_usd)).toFixed(2);

/** The symbol that lost most often in a row, of results that are each symbol's newest first. */
export const longestStreak = (
  results: readonly { symbol: string; usd: DecimalString }[],
): { symbol: string; losses: number } | null => {
  const losses = new Map<string, number>();
  const over = new Set<string>();
  for (const { symbol, usd } of results) {
    if (over.has(symbol)) continue;
    if (new Exact(usd).lt(0)) losses.set(symbol, (losses.get(symbol) ?? 0) + 1);
    else over.add(symbol);
  }
  return [...losses].reduce<{ symbol: string; losses: number } | null>(
    (most, [symbol, count]) =>
      most === null || count > most.losses ? { symbol, losses: count } : most,
    null,
  );
};
