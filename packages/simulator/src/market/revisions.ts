import type { DayBar } from '../day/day.ts';
import { createBarSeries, type BarSeries } from './bar-series.ts';
import type { Print } from './print.ts';
import { MINUTE_MS, type TradingTime } from './trading-time.ts';
import { roundPrice } from './wire-bar.ts';

/*
 * What the tape says of a minute after the minute is over: a trade that was reported late, a trade
 * that was wrong and is corrected, a trade that is canceled. A late trade enters its minute's bar
 * at the next half-minute mark, as Alpaca's updated bars do. Corrections and cancellations leave
 * the bars of the day as they are: Alpaca computes those anew only the next morning.
 */

interface Told {
  symbol: string;
  /** When it is told, and from when on history shows it. */
  told_ms: number;
}

export type Revision =
  | (Told & { kind: 'late_trade'; minute: number; trade: Print })
  | (Told & { kind: 'correction'; original: Print; trade: Print })
  | (Told & { kind: 'cancel_error'; original: Print; action: 'C' | 'E' });

/** A bar that has changed since it was first told. */
interface BarUpdate {
  at_ms: number;
  minute: number;
  bar: DayBar;
}

export interface Revisions {
  add(revision: Revision): void;
  /** Told in (after_ms, until_ms], oldest first. */
  between(symbol: string, after_ms: number, until_ms: number): Revision[];
  /**
   * Bars that change in (after_ms, until_ms], oldest first; a bar that changes twice at one instant
   * once, as it is then.
   */
  barUpdates(symbol: string, first: BarSeries, after_ms: number, until_ms: number): BarUpdate[];
  /**
   * `prints`, the tape's in (after_ms, until_ms], with what was known of them at `known_ms`: late
   * and corrected ones among them, and all marked that no longer stand.
   */
  apply(
    symbol: string,
    prints: readonly Print[],
    after_ms: number,
    until_ms: number,
    known_ms: number,
  ): Print[];
  /** `first`, the bars as they were first told, with the updates that were known at `at_ms`. */
  seriesAt(symbol: string, first: BarSeries, at_ms: number): BarSeries;
}

const HALF_MINUTE_MS = MINUTE_MS / 2;

/** The first half-minute mark (hh:mm:30) after an instant, when bars are told anew. */
const halfMinuteMark = (at_ms: number): number =>
  Math.floor((at_ms + HALF_MINUTE_MS) / MINUTE_MS) * MINUTE_MS + HALF_MINUTE_MS;

/** A bar with one more trade, the last of its minute; an odd lot counts only as volume. */
const withTrade = (bar: DayBar, { price, size, conditions }: Print): DayBar => {
  const volume = bar.volume + size;
  const counted = { ...bar, volume, trade_count: bar.trade_count + 1 };
  if (conditions.includes('I')) return counted;
  const high = Math.max(bar.high, price);
  const low = Math.min(bar.low, price);
  return {
    ...counted,
    high,
    low,
    close: price,
    vwap: Math.min(
      high,
      Math.max(low, roundPrice((bar.vwap * bar.volume + price * size) / volume)),
    ),
  };
};

export const createRevisions = (time: TradingTime): Revisions => {
  const bySymbol = new Map<string, Revision[]>();
  const revised = new Map<string, { first: BarSeries; trades: number; series: BarSeries }>();

  const of = (symbol: string): readonly Revision[] => bySymbol.get(symbol) ?? [];
  const lateTrades = (symbol: string, until_ms: number) =>
    of(symbol).flatMap((one) =>
      one.kind === 'late_trade' && halfMinuteMark(one.told_ms) <= until_ms
        ? [{ ...one, at_ms: halfMinuteMark(one.told_ms) }]
        : [],
    );

  const seriesAt: Revisions['seriesAt'] = (symbol, first, at_ms) => {
    const late = lateTrades(symbol, at_ms);
    if (late.length === 0) return first;
    const kept = revised.get(symbol);
    if (kept && kept.first === first && kept.trades === late.length) return kept.series;
    const bars = first.bars.map((bar) =>
      late
        .filter(({ minute }) => minute === bar.minute)
        .reduce((sum, { trade }) => withTrade(sum, trade), bar),
    );
    const series = createBarSeries(bars, time);
    revised.set(symbol, { first, trades: late.length, series });
    return series;
  };

  return {
    add: (revision) => {
      bySymbol.set(
        revision.symbol,
        [...of(revision.symbol), revision].sort((left, right) => left.told_ms - right.told_ms),
      );
      revised.delete(revision.symbol);
    },
    between: (symbol, after_ms, until_ms) =>
      of(symbol).filter(({ told_ms }) => told_ms > after_ms && told_ms <= until_ms),
    barUpdates: (symbol, first, after_ms, until_ms) => {
      const changed = new Map(
        lateTrades(symbol, until_ms)
          .filter(({ at_ms }) => at_ms > after_ms)
          .map(({ at_ms, minute }) => [`${at_ms}:${minute}`, { at_ms, minute }]),
      );
      return [...changed.values()].flatMap(({ at_ms, minute }) => {
        const bar = seriesAt(symbol, first, at_ms).barAt(minute);
        return bar ? [{ at_ms, minute, bar }] : [];
      });
    },
    apply: (symbol, prints, after_ms, until_ms, known_ms) => {
      const known = of(symbol).filter(({ told_ms }) => told_ms <= known_ms);
      if (known.length === 0) return [...prints];
      const fate = new Map(
        known.flatMap((one) =>
          one.kind === 'late_trade'
            ? []
            : [[one.original.id, one.kind === 'correction' ? 'incorrect' : 'canceled'] as const],
        ),
      );
      const added = known.flatMap((one): Print[] =>
        one.kind === 'cancel_error'
          ? []
          : [one.kind === 'correction' ? { ...one.trade, update: 'corrected' } : one.trade],
      );
      const inside = added.filter(({ at_ms }) => at_ms > after_ms && at_ms <= until_ms);
      const marked = prints.map((print): Print =>
        fate.has(print.id) ? { ...print, update: fate.get(print.id)! } : print,
      );
      return [...marked, ...inside].sort(
        (left, right) => left.at_ms - right.at_ms || left.id - right.id,
      );
    },
    seriesAt,
  };
};
