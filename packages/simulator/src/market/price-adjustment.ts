import type { CorporateAction, DailyBar } from '../day/day.ts';
import { roundPrice, type WireBar } from './wire-bar.ts';

export const adjustments = ['raw', 'split', 'dividend', 'spin-off', 'all'] as const;
/** What bars are adjusted for. No day has a spin-off, so `spin-off` changes nothing. */
export type Adjustment = (typeof adjustments)[number];

/** What bars before `ex_date` are multiplied by. */
interface Factor {
  ex_date: string;
  price: number;
  volume: number;
  kind: 'split' | 'dividend';
}

/**
 * Backward adjustment of one symbol: a split divides earlier prices by new shares per old share and
 * multiplies volumes by it; a dividend scales earlier prices by 1 - cash / (close of the session
 * before its ex date), as data vendors do (CRSP's method). Only actions with `ex_date` on or before
 * `as_of` count.
 */
export interface PriceAdjustment {
  apply(
    bar: WireBar,
    date: string,
    as_of: string,
    adjustment: Adjustment | readonly Adjustment[],
  ): WireBar;
}

export const createPriceAdjustment = (
  actions: readonly CorporateAction[],
  daily: readonly DailyBar[],
): PriceAdjustment => {
  const factors: Factor[] = [];
  for (const action of actions) {
    if (action.type === 'cash_dividend') {
      const before = daily.findLast((bar) => bar.date < action.ex_date);
      if (before && action.cash)
        factors.push({
          ex_date: action.ex_date,
          price: 1 - Number(action.cash) / before.close,
          volume: 1,
          kind: 'dividend',
        });
    } else if (action.new_rate && action.old_rate) {
      const ratio = Number(action.new_rate) / Number(action.old_rate);
      factors.push({ ex_date: action.ex_date, price: 1 / ratio, volume: ratio, kind: 'split' });
    }
  }
  return {
    apply: (bar, date, asOf, adjustment) => {
      if (adjustment === 'raw' || factors.length === 0) return bar;
      const wanted = typeof adjustment === 'string' ? [adjustment] : adjustment;
      let price = 1;
      let volume = 1;
      for (const factor of factors) {
        if (factor.ex_date <= date || factor.ex_date > asOf) continue;
        if (!wanted.includes('all') && !wanted.includes(factor.kind)) continue;
        price *= factor.price;
        volume *= factor.volume;
      }
      if (price === 1 && volume === 1) return bar;
      return {
        t: bar.t,
        o: roundPrice(bar.o * price),
        h: roundPrice(bar.h * price),
        l: roundPrice(bar.l * price),
        c: roundPrice(bar.c * price),
        v: Math.round(bar.v * volume),
        n: bar.n,
        vw: roundPrice(bar.vw * price),
      };
    },
  };
};
