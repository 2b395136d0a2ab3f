import type { CorporateAction, PricedMinute, RefusedBar } from './day.ts';

const PRICES = ['open', 'high', 'low', 'close'] as const;

/**
 * On the ex-date of a split a vendor's first trades can still be in yesterday's dollars, so that a
 * bar holds both scales and shows a move that never was. Such bars are left out, not corrected:
 * which of their trades were on which scale cannot be known from four prices. A price is in old
 * dollars when it is nearer, as a ratio, to yesterday's raw close than to that close divided by the
 * split.
 */
export const refuseStraddlingBars = <T extends PricedMinute>(
  symbol: string,
  bars: readonly T[],
  split: CorporateAction,
  previousClose: number,
): { kept: T[]; refused: RefusedBar[] } => {
  const ratio = Number(split.new_rate) / Number(split.old_rate);
  const border = previousClose / Math.sqrt(ratio);
  const isOld = (price: number): boolean => (ratio > 1 ? price > border : price < border);
  const kept: T[] = [];
  const refused: RefusedBar[] = [];
  for (const bar of bars) {
    const old = PRICES.filter((column) => isOld(bar[column]));
    if (old.length === 0) {
      kept.push(bar);
      continue;
    }
    const { minute, open, high, low, close, volume } = bar;
    const reason = `${old.join(' and ')} in dollars from before the ${split.new_rate}:${split.old_rate} split of ${split.ex_date}`;
    refused.push({ symbol, minute, open, high, low, close, volume, reason });
  }
  return { kept, refused };
};
