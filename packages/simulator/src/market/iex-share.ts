import { seededNumber } from './seeded-number.ts';
import type { WireBar } from './wire-bar.ts';

const shares = new Map<string, number>();

/**
 * The share of a symbol's volume that the `iex` feed sees: between two and four per cent, seeded by
 * the symbol, the order of magnitude of IEX's real share.
 */
const iexShare = (symbol: string): number => {
  const known = shares.get(symbol);
  if (known !== undefined) return known;
  const share = 0.02 + 0.02 * seededNumber(symbol, 'iex');
  shares.set(symbol, share);
  return share;
};

/**
 * A bar as the `iex` feed shows it: the consolidated prices with IEX's share of volume and trades,
 * at least one of each.
 */
export const toIexBar = (symbol: string, bar: WireBar): WireBar => {
  const share = iexShare(symbol);
  return {
    ...bar,
    v: Math.max(1, Math.round(bar.v * share)),
    n: Math.max(1, Math.round(bar.n * share)),
  };
};
