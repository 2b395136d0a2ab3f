import type { DayBar } from '../day/day.ts';
import { MINUTES_PER_DAY, type TradingTime } from './trading-time.ts';
import { roundPrice, type WireBar } from './wire-bar.ts';

/** The trade date's minute bars of one symbol, indexed so that no question scans them. */
export interface BarSeries {
  bars: readonly DayBar[];
  /** How many bars start before `minute`; bars that are over once `minute` minutes are finished. */
  countBefore(minute: number): number;
  barAt(minute: number): DayBar | undefined;
  /**
   * The regular session's bar so far, from finished minutes only; null before its first minute is
   * over.
   */
  dailySoFar(finishedMinutes: number, t: string): WireBar | null;
}

/** From the start of `from_minute` all prices are `ratio` times what they would have been. */
export interface PriceGap {
  from_minute: number;
  ratio: number;
}

/**
 * The nearest price that can trade: from a dollar on in cents, below it in hundredths of a cent.
 */
export const onTick = (price: number): number =>
  price >= 1 ? Math.round(price * 100) / 100 : Math.max(0.0001, roundPrice(price));

/**
 * The bars with gaps in their prices: multiplied and rounded to the tick, which keeps their order;
 * volumes stay.
 */
export const withGaps = (bars: readonly DayBar[], gaps: readonly PriceGap[]): readonly DayBar[] => {
  if (gaps.length === 0) return bars;
  return bars.map((bar) => {
    const ratio = gaps.reduce(
      (product, gap) => (gap.from_minute <= bar.minute ? product * gap.ratio : product),
      1,
    );
    if (ratio === 1) return bar;
    const [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map((price) =>
      onTick(price * ratio),
    ) as [number, number, number, number];
    return {
      ...bar,
      open,
      high,
      low,
      close,
      vwap: Math.min(high, Math.max(low, roundPrice(bar.vwap * ratio))),
    };
  });
};

export const createBarSeries = (bars: readonly DayBar[], time: TradingTime): BarSeries => {
  const counts = new Uint16Array(MINUTES_PER_DAY + 1);
  let index = 0;
  for (let minute = 0; minute <= MINUTES_PER_DAY; minute += 1) {
    while (index < bars.length && (bars[index] as DayBar).minute < minute) index += 1;
    counts[minute] = index;
  }
  const countBefore = (minute: number): number =>
    counts[Math.min(MINUTES_PER_DAY, Math.max(0, minute))] as number;
  const first = countBefore(time.open_minute);
  const end = countBefore(time.close_minute);
  const high = new Float64Array(end - first);
  const low = new Float64Array(end - first);
  const volume = new Float64Array(end - first);
  const trades = new Float64Array(end - first);
  const traded = new Float64Array(end - first);
  for (let i = first; i < end; i += 1) {
    const bar = bars[i] as DayBar;
    const at = i - first;
    high[at] = Math.max(bar.high, at > 0 ? (high[at - 1] as number) : bar.high);
    low[at] = Math.min(bar.low, at > 0 ? (low[at - 1] as number) : bar.low);
    volume[at] = bar.volume + (at > 0 ? (volume[at - 1] as number) : 0);
    trades[at] = bar.trade_count + (at > 0 ? (trades[at - 1] as number) : 0);
    traded[at] = bar.vwap * bar.volume + (at > 0 ? (traded[at - 1] as number) : 0);
  }
  return {
    bars,
    countBefore,
    barAt: (minute) =>
      minute >= 0 && minute < MINUTES_PER_DAY && countBefore(minute + 1) > countBefore(minute)
        ? bars[countBefore(minute)]
        : undefined,
    dailySoFar: (finishedMinutes, t) => {
      const last = Math.min(countBefore(finishedMinutes), end) - 1;
      if (last < first) return null;
      const at = last - first;
      const shares = volume[at] as number;
      const close = (bars[last] as DayBar).close;
      return {
        t,
        o: (bars[first] as DayBar).open,
        h: high[at] as number,
        l: low[at] as number,
        c: close,
        v: shares,
        n: trades[at] as number,
        vw: roundPrice(shares > 0 ? (traded[at] as number) / shares : close),
      };
    },
  };
};
