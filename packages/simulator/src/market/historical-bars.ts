import { inNewYork, newYorkTime } from '@catalyst/domain';
import type { DayBar } from '../day/day.ts';
import type { Listing, Market } from './market.ts';
import type { Adjustment } from './price-adjustment.ts';
import { synthesizeSession } from './synthetic-session.ts';
import { bucketStart, type Timeframe } from './timeframe.ts';
import { MINUTES_PER_DAY, MINUTE_MS, stamp, type SessionHours } from './trading-time.ts';
import { joinBars, joinWireBars, roundPrice, toWireBar, type WireBar } from './wire-bar.ts';

/** Earlier sessions whose intraday bars are served. */
export const SYNTHETIC_SESSIONS = 20;

export interface BarsQuery {
  timeframe: Timeframe;
  /** Inclusive bounds of the bars' stamps, in milliseconds. */
  start_ms: number;
  end_ms: number;
  adjustment: Adjustment | readonly Adjustment[];
  sort: 'asc' | 'desc';
  limit: number;
  /** Only bars beyond this stamp in the direction of `sort`. */
  beyond_ms: number | null;
}

/** Answers "which bars of this symbol can be known at `now`", at most `limit`, in order. */
export interface HistoricalBars {
  of(symbol: string, query: BarsQuery, now: number): WireBar[];
}

const firstIndexFrom = (bars: readonly DayBar[], minute: number): number => {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bars[middle] as DayBar).minute < minute) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * Joins a session's minutes into bars of `length` minutes whose stamps lie in [from, to] minutes.
 */
const bucketed = (
  bars: readonly DayBar[],
  end: number,
  length: number,
  from: number,
  to: number,
  midnight: number,
): WireBar[] => {
  const result: WireBar[] = [];
  let index = firstIndexFrom(bars, Math.ceil(from / length) * length);
  while (index < end) {
    const bar = bars[index] as DayBar;
    const start = Math.floor(bar.minute / length) * length;
    if (start > to) break;
    let next = index + 1;
    while (next < end && (bars[next] as DayBar).minute < start + length) next += 1;
    const t = stamp(midnight + start * MINUTE_MS);
    result.push(length === 1 ? toWireBar(t, bar) : (joinBars(t, bars, index, next) as WireBar));
    index = next;
  }
  return result;
};

/** New York's date at an instant; a page asks for the same instant once for each symbol. */
const createDateAt = (): ((now: number) => string) => {
  let last = { now: Number.NaN, date: '' };
  return (now) => {
    if (last.now !== now) last = { now, date: inNewYork(new Date(now).toISOString()).date };
    return last.date;
  };
};

export const createHistoricalBars = (market: Market): HistoricalBars => {
  const dateAt = createDateAt();
  const { day, time } = market;
  const synthetic = new Map<string, WireBar[]>();
  const earlier = day.calendar
    .filter(({ date }) => date < day.trade_date)
    .slice(-SYNTHETIC_SESSIONS)
    .map(({ date }) => market.sessions.get(date) as SessionHours);

  /**
   * The whole earlier session in one timeframe; kept, except single minutes, which would take a
   * hundred times the memory of five-minute bars.
   */
  const earlierSession = (
    symbol: string,
    listing: Listing,
    hours: SessionHours,
    minutes: number,
  ): WireBar[] => {
    const key = `${symbol}|${hours.date}|${minutes}`;
    const kept = synthetic.get(key);
    if (kept) return kept;
    const at = listing.daily.findLastIndex((bar) => bar.date === hours.date);
    const daily = listing.daily[at];
    if (!daily) return [];
    const bars = synthesizeSession(
      symbol,
      daily,
      hours,
      day.volume_profile.get(symbol),
      listing.daily[at - 1]?.close ?? null,
    );
    const result = bucketed(bars, bars.length, minutes, 0, MINUTES_PER_DAY, hours.midnight_ms);
    if (minutes >= 5) synthetic.set(key, result);
    return result;
  };

  const sessionBars = (
    symbol: string,
    listing: Listing,
    hours: SessionHours,
    minutes: number,
    query: BarsQuery,
    now: number,
  ): WireBar[] => {
    const from = (query.start_ms - hours.midnight_ms) / MINUTE_MS;
    const to = (query.end_ms - hours.midnight_ms) / MINUTE_MS;
    if (hours.date === day.trade_date) {
      const series = market.seriesAt(symbol, now)!;
      return bucketed(
        series.bars,
        series.countBefore(market.knownMinutes(symbol, now)),
        minutes,
        Math.max(0, from),
        to,
        hours.midnight_ms,
      );
    }
    const bars = earlierSession(symbol, listing, hours, minutes);
    const first = stamp(Math.ceil(query.start_ms / MINUTE_MS) * MINUTE_MS);
    const last = stamp(Math.floor(query.end_ms / MINUTE_MS) * MINUTE_MS);
    return from <= 0 && to >= MINUTES_PER_DAY
      ? bars
      : bars.filter(({ t }) => t >= first && t <= last);
  };

  /** Sessions before the trade date and today's so far; each adjusted, oldest first. */
  const dailyBars = (
    listing: Listing,
    now: number,
    asOf: string,
    adjustment: BarsQuery['adjustment'],
  ): { bar: WireBar; date: string }[] => {
    const result: { bar: WireBar; date: string }[] = [];
    for (const { date, open, high, low, close, volume } of listing.daily) {
      const session = market.sessions.get(date);
      if (!session) continue;
      const bar = {
        t: stamp(session.midnight_ms),
        o: open,
        h: high,
        l: low,
        c: close,
        v: volume,
        n: Math.max(1, Math.round(volume / 100)),
        vw: roundPrice((high + low + close) / 3),
      };
      result.push({ bar: listing.adjustment.apply(bar, date, asOf, adjustment), date });
    }
    const { symbol } = listing.security;
    const today = market
      .seriesAt(symbol, now)!
      .dailySoFar(market.knownMinutes(symbol, now), stamp(time.midnight_ms));
    if (today) result.push({ bar: today, date: day.trade_date });
    return result;
  };

  /**
   * Sessions, weeks or months whose stamps lie in the query; a week or month that has begun holds
   * its sessions so far.
   */
  const longBars = (
    listing: Listing,
    timeframe: Exclude<Timeframe, { unit: 'minute' }>,
    query: BarsQuery,
    now: number,
    asOf: string,
  ): WireBar[] => {
    const daily = dailyBars(listing, now, asOf, query.adjustment);
    const inside = (t: string): boolean =>
      Date.parse(t) >= query.start_ms && Date.parse(t) <= query.end_ms;
    if (timeframe.unit === 'day') return daily.map(({ bar }) => bar).filter(({ t }) => inside(t));
    const buckets = Map.groupBy(daily, ({ date }) => bucketStart(timeframe, date));
    return [...buckets]
      .map(([date, days]) =>
        joinWireBars(
          stamp(Date.parse(newYorkTime(date, '00:00'))),
          days.map(({ bar }) => bar),
        ),
      )
      .filter(({ t }) => inside(t));
  };

  return {
    of: (symbol, query, now) => {
      const listing = market.listings.get(symbol);
      if (!listing) return [];
      const asOf = dateAt(now);
      const narrowed = { ...query };
      if (query.beyond_ms !== null) {
        if (query.sort === 'asc') narrowed.start_ms = Math.max(query.start_ms, query.beyond_ms + 1);
        else narrowed.end_ms = Math.min(query.end_ms, query.beyond_ms - 1);
      }
      const adjust = (bar: WireBar, date: string): WireBar =>
        listing.adjustment.apply(bar, date, asOf, query.adjustment);
      const result: WireBar[] = [];
      const collect = (bars: readonly WireBar[], date: string): void => {
        const ordered = query.sort === 'asc' ? bars : bars.toReversed();
        for (const bar of ordered) {
          if (result.length >= query.limit) return;
          result.push(adjust(bar, date));
        }
      };
      const { timeframe } = query;
      if (timeframe.unit !== 'minute') {
        const bars = longBars(listing, timeframe, narrowed, now, asOf);
        return (query.sort === 'asc' ? bars : bars.toReversed()).slice(0, query.limit);
      }
      const today = market.sessions.get(day.trade_date) as SessionHours;
      const sessions = [...earlier, today].filter(
        ({ midnight_ms }) =>
          midnight_ms + MINUTES_PER_DAY * MINUTE_MS > narrowed.start_ms &&
          midnight_ms <= narrowed.end_ms,
      );
      for (const hours of query.sort === 'asc' ? sessions : sessions.toReversed()) {
        if (result.length >= query.limit) break;
        collect(sessionBars(symbol, listing, hours, timeframe.minutes, narrowed, now), hours.date);
      }
      return result;
    },
  };
};
