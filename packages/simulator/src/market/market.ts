import type { Day, DayBar, DailyBar, DaySecurity, MarketEvent, MarketEventKind } from '../day/day.ts';
import { quoteAround, type BidAsk } from '../exchange/fill-model.ts';
import { createBarSeries, withGaps, type BarSeries, type PriceGap } from './bar-series.ts';
import { createPriceAdjustment, type PriceAdjustment } from './price-adjustment.ts';
import { createTradingTime, sessionHours, type SessionHours, type TradingTime } from './trading-time.ts';

/** Everything about one security that the trade date holds. `security` is as it stands now, `series` with the gaps that were put into it: read them anew each time. */
export interface Listing {
  security: DaySecurity;
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

/** The day's market as of any finished minute. `finished` counts minutes of the trade date that are over; nothing later is ever read. */
export interface Market {
  day: Day;
  time: TradingTime;
  listings: ReadonlyMap<string, Listing>;
  /** Hours of the sessions in the calendar, by date. */
  sessions: ReadonlyMap<string, SessionHours>;
  barAt(symbol: string, minute: number): DayBar | undefined;
  lastTrade(symbol: string, finished: number): LastTrade | null;
  /** Close of the session before the trade date. */
  previousClose(symbol: string): number | null;
  quote(symbol: string, finished: number): Quote | null;
  happening(symbol: string, kind: MarketEventKind, minute: number): boolean;
  /** What happens in addition to the day's own events; the symbol `*` concerns all. Replaces what was injected before. */
  inject(events: readonly MarketEvent[]): void;
  /** The gaps in a symbol's prices, in place of those before; the bars of the minutes before a gap stay as they are. */
  setGaps(symbol: string, gaps: readonly PriceGap[]): void;
  /** Whether the symbol can be borrowed as the day says, or not at all. */
  setBorrow(symbol: string, withdrawn: boolean): void;
}

export const createMarket = (day: Day): Market => {
  const time = createTradingTime(day.trade_date, day.calendar);
  const sessions = new Map(day.calendar.map((session) => [session.date, sessionHours(session)]));
  const listings = new Map<string, Listing>(
    day.securities.map((security) => {
      const daily = day.daily_bars.get(security.symbol) ?? [];
      const actions = day.corporate_actions.filter(({ symbol }) => symbol === security.symbol);
      const series = createBarSeries(day.minute_bars.get(security.symbol) ?? [], time);
      return [security.symbol, { security, series, daily, adjustment: createPriceAdjustment(actions, daily) }];
    }),
  );
  const previousSession = day.calendar.findLast(({ date }) => date < day.trade_date);
  const previousCloseMs = ((session) => (session ? session.midnight_ms + session.close_minute * 60_000 : time.midnight_ms))(previousSession && sessions.get(previousSession.date));

  const securities = new Map(day.securities.map((security) => [security.symbol, security]));

  let events: readonly MarketEvent[] = day.events;
  const eventAt = (symbol: string, kind: MarketEventKind, minute: number) =>
    events.find((event) => (event.symbol === symbol || event.symbol === '*') && event.kind === kind && event.from_minute <= minute && minute < event.to_minute);

  const previousClose = (symbol: string): number | null => {
    const listing = listings.get(symbol);
    const last = listing?.daily.at(-1);
    if (!listing || !last) return null;
    const bar = { t: '', o: last.open, h: last.high, l: last.low, c: last.close, v: last.volume, n: 0, vw: last.close };
    return listing.adjustment.apply(bar, last.date, day.trade_date, 'split').c;
  };

  const lastTrade = (symbol: string, finished: number): LastTrade | null => {
    const series = listings.get(symbol)?.series;
    const bar = series?.bars[series.countBefore(finished) - 1];
    if (bar) return { price: bar.close, size: Math.max(1, Math.round(bar.volume / Math.max(1, bar.trade_count))), at_ms: time.startOf(bar.minute + 1) };
    const close = previousClose(symbol);
    return close === null ? null : { price: close, size: 100, at_ms: previousCloseMs };
  };

  const quote = (symbol: string, finished: number): Quote | null => {
    const stale = eventAt(symbol, 'stale_quote', finished);
    const trade = lastTrade(symbol, stale ? stale.from_minute : finished);
    if (!trade) return null;
    return { ...quoteAround(trade.price, eventAt(symbol, 'wide_spread', finished) !== undefined), at_ms: trade.at_ms };
  };

  return {
    day,
    time,
    listings,
    sessions,
    barAt: (symbol, minute) => listings.get(symbol)?.series.barAt(minute),
    lastTrade,
    previousClose,
    quote,
    happening: (symbol, kind, minute) => eventAt(symbol, kind, minute) !== undefined,
    inject: (injected) => {
      events = [...day.events, ...injected];
    },
    setGaps: (symbol, gaps) => {
      const listing = listings.get(symbol);
      if (listing) listing.series = createBarSeries(withGaps(day.minute_bars.get(symbol) ?? [], gaps), time);
    },
    setBorrow: (symbol, withdrawn) => {
      const listing = listings.get(symbol);
      const security = securities.get(symbol);
      if (listing && security) listing.security = withdrawn ? { ...security, shortable: false, easy_to_borrow: false } : security;
    },
  };
};
