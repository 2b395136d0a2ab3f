import { inNewYork, newYorkTime } from '@catalyst/domain';
import { bucketedBars } from './bucketed-bars.ts';
import type { Listing, Market } from './market.ts';
import type { Adjustment } from './price-adjustment.ts';
import { synthesizeSession } from './synthetic-session.ts';
import { bucketStart, type Timeframe } from './timeframe.ts';
import { MINUTES_PER_DAY, MINUTE_MS, stamp, type SessionHours } from './trading-time.ts';
import { joinWireBars, roundPrice, type WireBar } from './wire-bar.ts';

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

interface DailyBar {
  bar: WireBar;
  date: string;
  /** Of its stamp. */
  at_ms: number;
}

const WHOLE_SESSION = { from: 0, to: MINUTES_PER_DAY, sort: 'asc', limit: Infinity } as const;

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
  const stamps = new Map<string, string[]>();
  const daily = new Map<string, { key: string; bars: readonly DailyBar[] }>();
  const earlier = day.calendar
    .filter(({ date }) => date < day.trade_date)
    .slice(-SYNTHETIC_SESSIONS)
    .map(({ date }) => market.sessions.get(date) as SessionHours);

  /** The stamps of a session's minutes, the same for every symbol. */
  const stampsOf = ({ date, midnight_ms }: SessionHours): ((minute: number) => string) => {
    const known = stamps.get(date) ?? [];
    stamps.set(date, known);
    return (minute) => (known[minute] ??= stamp(midnight_ms + minute * MINUTE_MS));
  };

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
    const result = bucketedBars(bars, bars.length, minutes, stampsOf(hours), WHOLE_SESSION);
    if (minutes >= 5) synthetic.set(key, result);
    return result;
  };

  /** A session's bars in the order of the query; of the trade date's no more than it wants. */
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
      return bucketedBars(
        series.bars,
        series.countBefore(market.knownMinutes(symbol, now)),
        minutes,
        time.stampOf,
        { ...query, from: Math.max(0, from), to },
      );
    }
    let bars = earlierSession(symbol, listing, hours, minutes);
    if (from > 0 || to < MINUTES_PER_DAY) {
      const first = stamp(Math.ceil(query.start_ms / MINUTE_MS) * MINUTE_MS);
      const last = stamp(Math.floor(query.end_ms / MINUTE_MS) * MINUTE_MS);
      bars = bars.filter(({ t }) => t >= first && t <= last);
    }
    return query.sort === 'asc' ? bars : bars.toReversed();
  };

  /** The sessions before the trade date, oldest first; they change only with what is asked for. */
  const earlierDays = (
    listing: Listing,
    asOf: string,
    adjustment: BarsQuery['adjustment'],
  ): readonly DailyBar[] => {
    const { symbol } = listing.security;
    const key = `${asOf}|${String(adjustment)}`;
    const kept = daily.get(symbol);
    if (kept?.key === key) return kept.bars;
    const bars: DailyBar[] = [];
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
      bars.push({
        bar: listing.adjustment.apply(bar, date, asOf, adjustment),
        date,
        at_ms: session.midnight_ms,
      });
    }
    daily.set(symbol, { key, bars });
    return bars;
  };

  /** Sessions before the trade date and today's so far; each adjusted, oldest first. */
  const dailyBars = (
    listing: Listing,
    now: number,
    asOf: string,
    adjustment: BarsQuery['adjustment'],
  ): readonly DailyBar[] => {
    const { symbol } = listing.security;
    const earlier = earlierDays(listing, asOf, adjustment);
    const today = market
      .seriesAt(symbol, now)!
      .dailySoFar(market.knownMinutes(symbol, now), time.stampOf(0));
    return today
      ? [...earlier, { bar: today, date: day.trade_date, at_ms: time.midnight_ms }]
      : earlier;
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
    const inside = (at_ms: number): boolean => at_ms >= query.start_ms && at_ms <= query.end_ms;
    if (timeframe.unit === 'day')
      return daily.filter(({ at_ms }) => inside(at_ms)).map(({ bar }) => bar);
    const buckets = Map.groupBy(daily, ({ date }) => bucketStart(timeframe, date));
    return [...buckets]
      .map(([date, days]) =>
        joinWireBars(
          stamp(Date.parse(newYorkTime(date, '00:00'))),
          days.map(({ bar }) => bar),
        ),
      )
      .filter(({ t }) => inside(Date.parse(t)));
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
        for (const bar of bars) {
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
