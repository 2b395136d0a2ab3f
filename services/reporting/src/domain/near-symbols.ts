import { distance } from 'fastest-levenshtein';

const sorted = (symbol: string): string => [...symbol].sort().join('');

/** At most three symbols that were perhaps meant: one letter differs, or the order of letters. */
export const nearSymbols = <T extends { symbol: string }>(
  wanted: string,
  known: readonly T[],
): T[] =>
  known
    .filter(({ symbol }) => distance(wanted, symbol) === 1 || sorted(wanted) === sorted(symbol))
    .sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
    .slice(0, 3);
