import type { DayBar } from '../day/day.ts';

/**
 * A bar as Alpaca's market data sends it: stamp of its START, prices, shares, number of trades,
 * volume-weighted price.
 */
export interface WireBar {
  t: string;
  o: number;
  h: number;
  l: number;
  c: number;
  v: number;
  n: number;
  vw: number;
}

/** Prices are printed with at most four decimals, as the tape does. */
export const roundPrice = (price: number): number => Math.round(price * 10_000) / 10_000;

export const toWireBar = (t: string, bar: DayBar): WireBar => ({
  t,
  o: bar.open,
  h: bar.high,
  l: bar.low,
  c: bar.close,
  v: bar.volume,
  n: bar.trade_count,
  vw: bar.vwap,
});

/**
 * Joins consecutive bars `from` <= index < `to` into one; null when there are none. vwap is
 * weighted by volume.
 */
export const joinBars = (
  t: string,
  bars: readonly DayBar[],
  from: number,
  to: number,
): WireBar | null => {
  const first = bars[from];
  const last = bars[to - 1];
  if (!first || !last || to <= from) return null;
  let high = first.high;
  let low = first.low;
  let volume = 0;
  let count = 0;
  let traded = 0;
  for (let index = from; index < to; index += 1) {
    const bar = bars[index] as DayBar;
    if (bar.high > high) high = bar.high;
    if (bar.low < low) low = bar.low;
    volume += bar.volume;
    count += bar.trade_count;
    traded += bar.vwap * bar.volume;
  }
  return {
    t,
    o: first.open,
    h: high,
    l: low,
    c: last.close,
    v: volume,
    n: count,
    vw: roundPrice(volume > 0 ? traded / volume : last.close),
  };
};

/** Joins bars as they are sent, oldest first, into one stamped `t`. */
export const joinWireBars = (t: string, bars: readonly WireBar[]): WireBar => {
  const first = bars[0] as WireBar;
  const last = bars.at(-1) as WireBar;
  const volume = bars.reduce((sum, { v }) => sum + v, 0);
  return {
    t,
    o: first.o,
    h: Math.max(...bars.map(({ h }) => h)),
    l: Math.min(...bars.map(({ l }) => l)),
    c: last.c,
    v: volume,
    n: bars.reduce((sum, { n }) => sum + n, 0),
    vw: volume > 0 ? roundPrice(bars.reduce((sum, { vw, v }) => sum + vw * v, 0) / volume) : last.c,
  };
};
