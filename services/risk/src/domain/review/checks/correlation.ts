import type { Check, Finding } from '../check.ts';

export const correlation: Check = {
  name: 'correlation',
  code: 'CORRELATION',
  refuses: 'a symbol that moves with one that is held more than `max_correlation`',
  find: ({ symbol }, { commitments }, { max_correlation: limit }): Finding => {
    const known = commitments.filter(({ correlation: one }) => one !== null);
    const highest = known.reduce<(typeof known)[number] | null>(
      (most, one) => (most === null || one.correlation! > most.correlation! ? one : most),
      null,
    );
    const unknown = commitments.length - known.length;
    const value = highest?.correlation?.toFixed(4) ?? 'none';
    return {
      read: { with: highest?.symbol ?? null, held: commitments.length, without_history: unknown },
      limit,
      value,
      fault:
        highest && highest.correlation! > limit
          ? `${symbol} moves with ${highest.symbol} (correlation ${highest.correlation!.toFixed(2)}, at most ${limit})`
          : null,
      ...(unknown > 0 && {
        unknown: `${unknown} of ${commitments.length} held symbols have too few daily returns in common with ${symbol}`,
      }),
    };
  },
};
