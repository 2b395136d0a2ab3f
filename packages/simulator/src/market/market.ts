import type {
  Day,
  DayBar,
  DailyBar,
  DaySecurity,
  MarketEvent,
  MarketEventKind,
} from '../day/day.ts';
import { quoteAround, type BidAsk } from '../exchange/fill-model/spread.ts';
import { createBarSeries, withGaps, type BarSeries, type PriceGap } from './bar-series.ts';
import { createEventBook } from './event-book.ts';
import { createBarLateness, type MarketOptions } from './market-options.ts';
import { createPriceAdjustment, type PriceAdjustment } from './price-adjustment.ts';
import { createRevisions, type Revisions } from './revisions.ts';
import { applyPriceBands, type BandedBars, type PriceBand } from './price-bands.ts';
import {
  createTradingTime,
  sessionHours,
  type SessionHours,
  type TradingTime,
} from './trading-time.ts';

/**
 * Everything about one security that the trade date holds. `security` is as it stands now, `series`
 * with the gaps that were put into it and without what halts and price bands forbid: read them anew
 * each time.
 */
export interface Listing {
  security: DaySecurity;
  /**
   * The exchange finds it hard to borrow whatever `security` says, and takes only orders for the
   * day.
   */
  day_orders_only: boolean;
  series: BarSeries;
  /** Sessions before the trade date, oldest first, raw. */
  daily: readonly DailyBar[];
  adjustment: PriceAdjustment;
}

/** The last trade as it can be known: a price and the instant it was printed. */
export interface LastTrade {
  price: number;
  size: number;
  at_ms: number;
}

export interface Quote extends BidAsk {
  at_ms: number;
}

/**
 * The day's market as of any finished minute. `finished` counts minutes of the trade date that are
 * over; nothing later is ever read.
 */
export interface Market {
  day: Day;
  time: TradingTime;
  listings: ReadonlyMap<string, Listing>;
  /** Hours of the sessions in the calendar, by date. */
  sessions: ReadonlyMap<string, SessionHours>;
  /** Whether IEX's feed shows its own quotes alone, or those of all exchanges under its code. */
  iex_quotes: 'own' | 'consolidated';
  /** The instant from which the bar of a minute can be read. */
  barKnownAt(symbol: string, minute: number): number;
  /** Minutes of the trade date whose bars can be read at an instant. */
  knownMinutes(symbol: string, at_ms: number): number;
  /** The bar of a minute as it was first told. */
  barAt(symbol: string, minute: number): DayBar | undefined;
  /** What the tape tells of minutes that are over. */
  revisions: Revisions;
  /** The bars of a symbol as they were known at an instant. */
  seriesAt(symbol: string, at_ms: number): BarSeries | undefined;
  lastTrade(symbol: string, finished: number): LastTrade | null;
  /** Close of the session before the trade date. */
  previousClose(symbol: string): number | null;
  quote(symbol: string, finished: number): Quote | null;
  /** Whether an event goes on in that minute; a trading pause by the price bands is a halt too. */
  happening(symbol: string, kind: MarketEventKind, minute: number): boolean;
  /** Bands that came into force in (after_ms, until_ms], oldest first. */
  bandsBetween(symbol: string, after_ms: number, until_ms: number): PriceBand[];
  /** The band that no trade of that minute may leave; null where none binds. */
  bindingBand(symbol: string, minute: number): PriceBand | null;
  /**
   * How often events and gaps have been put into the day: prices and quotes read before the last
   * time may be others now.
   */
  readonly changes: number;
  /**
   * What happens in addition to the day's own events; the symbol `*` concerns all. Replaces what
   * was injected before.
   */
  inject(events: readonly MarketEvent[]): void;
  /**
   * The gaps in a symbol's prices, in place of those before; the bars of the minutes before a gap
   * stay as they are.
   */
  setGaps(symbol: string, gaps: readonly PriceGap[]): void;
  /** Whether the symbol can be borrowed as the day says, or not at all. */
  setBorrow(symbol: string, withdrawn: boolean): void;
  /** Whether the symbol is hard to borrow for orders, while its flags stay as they are. */
  setDayOrdersOnly(symbol: string, only: boolean): void;
}

export const createMarket = (day: Day, options: MarketOptions = {}): Market => {
  const time = createTradingTime(day.trade_date, day.calendar);
  const sessions = new Map(day.calendar.map((session) => [session.date, sessionHours(session)]));
  const listings = new Map<string, Listing>(
    day.securities.map((security) => {
      const daily = day.daily_bars.get(security.symbol) ?? [];
      const actions = day.corporate_actions.filter(({ symbol }) => symbol === security.symbol);
      const adjustment = createPriceAdjustment(actions, daily);
      return [
        security.symbol,
        { security, day_orders_only: false, series: createBarSeries([], time), daily, adjustment },
      ];
    }),
  );
  const previousSession = day.calendar.findLast(({ date }) => date < day.trade_date);
  const previousCloseMs = ((session) =>
    session ? session.midnight_ms + session.close_minute * 60_000 : time.midnight_ms)(
    previousSession && sessions.get(previousSession.date),
  );

  const revisions = createRevisions(time);
  const securities = new Map(day.securities.map((security) => [security.symbol, security]));

  const events = createEventBook(day.events);
  let changes = 0;

  const previousClose = (symbol: string): number | null => {
    const listing = listings.get(symbol);
    const last = listing?.daily.at(-1);
    if (!listing || !last) return null;
    const bar = {
      t: '',
      o: last.open,
      h: last.high,
      l: last.low,
      c: last.close,
      v: last.volume,
      n: 0,
      vw: last.close,
    };
    return listing.adjustment.apply(bar, last.date, day.trade_date, 'split').c;
  };

  const lastTrade = (symbol: string, finished: number): LastTrade | null => {
    const series = listings.get(symbol)?.series;
    const bar = series?.bars[series.countBefore(finished) - 1];
    if (bar)
      return {
        price: bar.close,
        size: Math.max(1, Math.round(bar.volume / Math.max(1, bar.trade_count))),
        at_ms: time.startOf(bar.minute + 1),
      };
    const close = previousClose(symbol);
    return close === null ? null : { price: close, size: 100, at_ms: previousCloseMs };
  };

  const latenessOf = createBarLateness(day.seed, options.bar_late_ms ?? 0);
  const barKnownAt = (symbol: string, minute: number): number =>
    time.startOf(minute + 1) + latenessOf(symbol, minute);

  const gapsOf = new Map<string, readonly PriceGap[]>();
  /** The first minute in which the symbol's bands are more than an estimate. */
  const bindingFrom = (symbol: string): number =>
    day.kind === 'generated'
      ? 0
      : Math.min(...(gapsOf.get(symbol) ?? []).map(({ from_minute }) => from_minute));
  /** Bands and pauses of the whole day, which nobody may see ahead of time. */
  const bandedOf = new Map<string, BandedBars>();
  const rebuild = (symbol: string, listing: Listing): void => {
    const recorded = withGaps(day.minute_bars.get(symbol) ?? [], gapsOf.get(symbol) ?? []);
    const halts = events.haltsOf(symbol);
    const banded = applyPriceBands(recorded, {
      time,
      previous_close: previousClose(symbol),
      binding_from: bindingFrom(symbol),
      isHalted: (minute) =>
        halts.some(({ from_minute, to_minute }) => from_minute <= minute && minute < to_minute),
    });
    bandedOf.set(symbol, banded);
    listing.series = createBarSeries(banded.bars, time);
  };
  for (const [symbol, listing] of listings) rebuild(symbol, listing);

  const isPaused = (symbol: string, minute: number): boolean =>
    (bandedOf.get(symbol)?.pauses ?? []).some(
      ({ from_minute, to_minute }) => from_minute <= minute && minute < to_minute,
    );

  const quote = (symbol: string, finished: number): Quote | null => {
    const stale = events.at(symbol, 'stale_quote', finished);
    const trade = lastTrade(symbol, stale ? stale.from_minute : finished);
    if (!trade) return null;
    return {
      ...quoteAround(trade.price, events.at(symbol, 'wide_spread', finished) !== undefined),
      at_ms: trade.at_ms,
    };
  };

  return {
    day,
    time,
    listings,
    sessions,
    iex_quotes: options.iex_quotes ?? 'consolidated',
    barKnownAt,
    knownMinutes: (symbol, at_ms) => {
      const finished = time.finishedMinutes(at_ms);
      // No bar is a minute late, so that only the last one can be out.
      return finished > 0 && barKnownAt(symbol, finished - 1) > at_ms ? finished - 1 : finished;
    },
    barAt: (symbol, minute) => listings.get(symbol)?.series.barAt(minute),
    revisions,
    seriesAt: (symbol, at_ms) => {
      const first = listings.get(symbol)?.series;
      return first && revisions.seriesAt(symbol, first, at_ms);
    },
    lastTrade,
    previousClose,
    quote,
    happening: (symbol, kind, minute) =>
      events.at(symbol, kind, minute) !== undefined ||
      (kind === 'halt' && isPaused(symbol, minute)),
    bandsBetween: (symbol, after_ms, until_ms) =>
      (bandedOf.get(symbol)?.bands ?? []).filter(
        ({ at_ms }) => at_ms > after_ms && at_ms <= until_ms,
      ),
    bindingBand: (symbol, minute) =>
      minute < bindingFrom(symbol)
        ? null
        : (bandedOf.get(symbol)?.bands.findLast(({ at_ms }) => at_ms <= time.startOf(minute)) ??
          null),
    get changes() {
      return changes;
    },
    inject: (injected) => {
      changes += 1;
      const isChanged = events.inject(injected);
      for (const [symbol, listing] of listings) if (isChanged(symbol)) rebuild(symbol, listing);
    },
    setGaps: (symbol, gaps) => {
      changes += 1;
      const listing = listings.get(symbol);
      gapsOf.set(symbol, gaps);
      if (listing) rebuild(symbol, listing);
    },
    setBorrow: (symbol, withdrawn) => {
      const listing = listings.get(symbol);
      const security = securities.get(symbol);
      if (listing && security)
        listing.security = withdrawn
          ? { ...security, shortable: false, easy_to_borrow: false }
          : security;
    },
    setDayOrdersOnly: (symbol, only) => {
      const listing = listings.get(symbol);
      if (listing) listing.day_orders_only = only;
    },
  };
};
