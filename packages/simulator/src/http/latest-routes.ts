import type { Router } from 'express';
import { toIexBar } from '../market/iex-share.ts';
import { IEX, type TickHistory } from '../market/tick-history.ts';
import type { Timeframe } from '../market/timeframe.ts';
import type { WireBar } from '../market/wire-bar.ts';
import {
  toWireQuote,
  toWireTrade,
  wireQuote,
  wireTrade,
  type WireQuote,
  type WireTrade,
} from '../market/wire-market.ts';
import type { Simulation } from '../simulation.ts';
import { createRoutes } from './create-routes.ts';
import { feedTime, isSilent, readCurrency, readLatestFeed, type Feed } from './feed.ts';
import { expectParameters, readSymbol, readSymbols } from './query.ts';

type Latest<T> = (symbol: string, feed: Feed) => T | null;

/** The latest bars, quotes and trades and the snapshots of Alpaca's market data API. */
export const createLatestRoutes = (simulation: Simulation, ticks: TickHistory): Router => {
  const routes = createRoutes();
  const { market, bars } = simulation;
  const { time } = market;

  const latestBars = (
    symbol: string,
    feed: Feed,
    timeframe: Timeframe,
    limit: number,
  ): WireBar[] => {
    const now = feedTime(simulation, feed);
    const start = timeframe.unit === 'day' ? 0 : time.midnight_ms;
    const found = bars.of(
      symbol,
      {
        timeframe,
        start_ms: start,
        end_ms: now,
        adjustment: 'raw',
        sort: 'desc',
        limit,
        beyond_ms: null,
      },
      now,
    );
    return feed === 'iex' ? found.map((bar) => toIexBar(symbol, bar)) : found;
  };
  const minuteBar: Latest<WireBar> = (symbol, feed) =>
    latestBars(symbol, feed, { unit: 'minute', minutes: 1 }, 1)[0] ?? null;

  /** IEX alone: what it has not seen today is what stood at the close before. */
  const showsOwn = (feed: Feed): boolean => feed === 'iex' && market.iex_quotes === 'own';

  const quote: Latest<WireQuote> = (symbol, feed) => {
    const now = feedTime(simulation, feed);
    const isOwn = showsOwn(feed);
    const last = isOwn ? ticks.lastIexQuote(symbol, now) : ticks.runningQuote(symbol, now);
    const found = last
      ? toWireQuote(symbol, last)
      : wireQuote(market, symbol, isOwn ? 0 : time.finishedMinutes(now));
    return found && feed === 'iex' ? { ...found, bx: IEX, ax: IEX } : found;
  };

  const trade: Latest<WireTrade> = (symbol, feed) => {
    const now = feedTime(simulation, feed);
    const print = ticks.lastPrint(symbol, now, feed === 'iex');
    if (print) return toWireTrade(symbol, print);
    const found = wireTrade(market, symbol, showsOwn(feed) ? 0 : time.finishedMinutes(now));
    return found && feed === 'iex' ? { ...found, x: IEX } : found;
  };

  const snapshot: Latest<Record<string, unknown>> = (symbol, feed) => {
    if (!market.listings.has(symbol)) return null;
    const [dailyBar, prevDailyBar] = latestBars(symbol, feed, { unit: 'day' }, 2);
    return {
      latestTrade: trade(symbol, feed),
      latestQuote: quote(symbol, feed),
      minuteBar: minuteBar(symbol, feed),
      dailyBar: dailyBar ?? null,
      prevDailyBar: prevDailyBar ?? null,
    };
  };

  const ofMany = <T>(
    symbols: readonly string[],
    feed: Feed,
    view: Latest<T>,
  ): Record<string, T> => {
    if (isSilent(feed)) return {};
    const found = symbols.map((symbol): [string, T | null] => [symbol, view(symbol, feed)]);
    return Object.fromEntries(found.filter((entry): entry is [string, T] => entry[1] !== null));
  };

  const serve = <T>(path: string, one: string, view: Latest<T>): void => {
    routes.get(`/v2/stocks/${path}/latest`, ({ query }, response) => {
      expectParameters(query, ['symbols', 'feed', 'currency']);
      response.json({
        [path]: ofMany(readSymbols(query), readLatestFeed(query), view),
        ...readCurrency(query),
      });
    });
    routes.get(`/v2/stocks/:symbol/${path}/latest`, ({ query, params }, response) => {
      expectParameters(query, ['feed', 'currency']);
      const symbol = readSymbol(params.symbol ?? '');
      const value = ofMany([symbol], readLatestFeed(query), view)[symbol];
      const currency = readCurrency(query);
      if (value === undefined)
        response.status(404).json({ message: `no ${one} found for ${symbol}` });
      else response.json({ symbol, [one]: value, ...currency });
    });
  };
  serve('bars', 'bar', minuteBar);
  serve('quotes', 'quote', quote);
  serve('trades', 'trade', trade);

  routes.get('/v2/stocks/snapshots', ({ query }, response) => {
    expectParameters(query, ['symbols', 'feed', 'currency']);
    readCurrency(query);
    const symbols = readSymbols(query);
    const feed = readLatestFeed(query);
    // Alone of the lists it names what it does not know.
    const unknown = isSilent(feed) ? {} : Object.fromEntries(symbols.map((name) => [name, null]));
    response.json({ ...unknown, ...ofMany(symbols, feed, snapshot) });
  });
  routes.get('/v2/stocks/:symbol/snapshot', ({ query, params }, response) => {
    expectParameters(query, ['feed', 'currency']);
    const symbol = readSymbol(params.symbol);
    const found = ofMany([symbol], readLatestFeed(query), snapshot)[symbol];
    const currency = readCurrency(query);
    if (found) response.json({ symbol, ...found, ...currency });
    else response.status(404).json({ message: `no snapshot found for ${symbol}` });
  });
  return routes;
};
