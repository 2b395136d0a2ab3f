import { distance } from 'fastest-levenshtein';

/** At most three symbols that were perhaps meant: one letter away, or two where there are more. */
export const nearSymbols = <T extends { symbol: string }>(
  wanted: string,
  known: readonly T[],
): T[] =>
  known
    .map((one) => ({ one, away: distance(wanted, one.symbol) }))
    .filter(({ away }) => away <= (wanted.length > 2 ? 2 : 1))
    .sort((a, b) => a.away - b.away || (a.one.symbol < b.one.symbol ? -1 : 1))
    .filter(({ away }, _, [nearest]) => away === nearest!.away)
    .slice(0, 3)
    .map(({ one }) => one);
