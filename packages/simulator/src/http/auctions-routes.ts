import type { Router } from 'express';
import { EXCHANGE_CODES } from '../market/listing-codes.ts';
import type { TickHistory } from '../market/tick-history.ts';
import { tickText } from '../market/wire-market.ts';
import { MINUTE_MS, stamp, type SessionHours } from '../market/trading-time.ts';
import type { Simulation } from '../simulation.ts';
import { createRoutes } from './create-routes.ts';
import { checkAsOf, readCurrency } from './feed.ts';
import { HISTORICAL_PARAMETERS, readInterval, readPage, type Interval } from './page.ts';
import { expectParameters, readChoice, readSymbol, readSymbols, type Query } from './query.ts';

interface Auction {
  t: string;
  x: string;
  p: number;
  s?: number;
  /** O an opening print, 6 a closing one. */
  c: string;
}

interface DailyAuctions {
  d: string;
  o: Auction[];
  c: Auction[];
}

/**
 * Opening and closing auctions of Alpaca's market data API. Those of the trade date are the prints
 * of the tape that open and close the session; those of earlier sessions the open and the close of
 * the daily bar, without a size.
 */
export const createAuctionsRoutes = (simulation: Simulation, ticks: TickHistory): Router => {
  const routes = createRoutes();
  const { market } = simulation;
  const { time, day } = market;

  const today = (symbol: string): DailyAuctions => {
    const now = simulation.now();
    const inMinute = (minute: number, condition: string): Auction[] => {
      const query = {
        from_ms: time.startOf(minute),
        until_ms: Math.min(now, time.startOf(minute + 1)),
        isWithin: () => true,
        sort: 'asc',
        limit: 1_000,
        beyond: null,
        iex: false,
      } as const;
      const print = ticks
        .trades(symbol, query)
        .find(({ tick }) => tick.conditions.includes(condition))?.tick;
      return print
        ? [
            {
              t: tickText('trade', symbol, print.at_ms),
              x: print.exchange,
              p: print.price,
              s: print.size,
              c: condition,
            },
          ]
        : [];
    };
    return {
      d: day.trade_date,
      o: inMinute(time.open_minute, 'O'),
      c: inMinute(time.close_minute - 1, '6'),
    };
  };

  const auctionsOf = (symbol: string, { start_ms, end_ms, sort }: Interval): DailyAuctions[] => {
    const listing = market.listings.get(symbol);
    if (!listing) return [];
    const x = EXCHANGE_CODES[listing.security.exchange];
    const earlier = listing.daily.flatMap((bar) => {
      const hours: SessionHours | undefined = market.sessions.get(bar.date);
      if (!hours) return [];
      const at = (minute: number, p: number, c: string): Auction => ({
        t: stamp(hours.midnight_ms + minute * MINUTE_MS),
        x,
        p,
        c,
      });
      return [
        {
          d: bar.date,
          o: [at(hours.open_minute, bar.open, 'O')],
          c: [at(hours.close_minute, bar.close, '6')],
        },
      ];
    });
    const inside = ({ t }: Auction): boolean =>
      Date.parse(t) >= start_ms && Date.parse(t) <= end_ms;
    const all = [...earlier, today(symbol)]
      .map(({ d, o, c }) => ({ d, o: o.filter(inside), c: c.filter(inside) }))
      .filter(({ o, c }) => o.length + c.length > 0);
    return sort === 'asc' ? all : all.toReversed();
  };

  const read = (symbols: readonly string[], query: Query) => {
    readChoice(query, 'feed', ['sip'], 'sip');
    checkAsOf(query);
    const interval = readInterval(simulation, query);
    const find = (symbol: string, limit: number, beyond: string | null): DailyAuctions[] =>
      auctionsOf(symbol, interval)
        .filter(({ d }) => beyond === null || (interval.sort === 'asc' ? d > beyond : d < beyond))
        .slice(0, limit);
    return readPage(query, symbols, interval.limit, find, ({ d }) => d);
  };

  routes.get('/v2/stocks/auctions', ({ query }, response) => {
    expectParameters(query, HISTORICAL_PARAMETERS);
    const { items, next_page_token } = read(readSymbols(query), query);
    response.json({ auctions: items, next_page_token, ...readCurrency(query) });
  });
  routes.get('/v2/stocks/:symbol/auctions', ({ query, params }, response) => {
    expectParameters(query, HISTORICAL_PARAMETERS);
    const symbol = readSymbol(params.symbol);
    const { items, next_page_token } = read([symbol], query);
    response.json({
      symbol,
      auctions: items[symbol] ?? [],
      next_page_token,
      ...readCurrency(query),
    });
  });
  return routes;
};
