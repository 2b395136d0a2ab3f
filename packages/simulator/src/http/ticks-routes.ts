import type { Router } from 'express';
import type { Placed, TickHistory, TickQuery } from '../market/tick-history.ts';
import { toWireQuote, toWireTrade } from '../market/wire-market.ts';
import { nanosecondsOf, toNanoseconds } from '../nanoseconds.ts';
import type { Simulation } from '../simulation.ts';
import { createRoutes } from './create-routes.ts';
import { checkAsOf, isSilent, readCurrency, readHistoricalFeed } from './feed.ts';
import { HISTORICAL_PARAMETERS, readInterval, readPage } from './page.ts';
import {
  expectParameters,
  InvalidParameter,
  readNanoseconds,
  readSymbol,
  readSymbols,
  type Query,
} from './query.ts';

const readKey = (key: string): { at_ms: number; ordinal: number } => {
  const match = /^(\d{1,15}):(\d{1,6})$/.exec(key);
  if (!match) throw new InvalidParameter('invalid page_token');
  return { at_ms: Number(match[1]), ordinal: Number(match[2]) };
};

/**
 * Historical trades and quotes of Alpaca's market data API: those of the trade date; of earlier
 * sessions a day holds none.
 */
export const createTicksRoutes = (simulation: Simulation, ticks: TickHistory): Router => {
  const routes = createRoutes();

  const serve = <T extends { at_ms: number }>(
    name: 'trades' | 'quotes',
    find: (symbol: string, query: TickQuery) => Placed<T>[],
    view: (symbol: string, tick: T) => unknown,
  ): void => {
    const kind = name === 'trades' ? 'trade' : 'quote';
    const read = (symbols: readonly string[], query: Query) => {
      const { start_ms, end_ms, sort, limit } = readInterval(simulation, query);
      const [from, until] = [readNanoseconds(query, 'start'), readNanoseconds(query, 'end')];
      const isWithin = (symbol: string, at_ms: number): boolean => {
        const at = toNanoseconds(at_ms) + BigInt(nanosecondsOf(kind, symbol, at_ms));
        return (from === null || at >= from) && (until === null || at <= until);
      };
      const feed = readHistoricalFeed(query);
      checkAsOf(query);
      const ofSymbol = (symbol: string, atMost: number, key: string | null): Placed<T>[] => {
        const beyond = key === null ? null : readKey(key);
        return isSilent(feed)
          ? []
          : find(symbol, {
              from_ms: start_ms,
              until_ms: end_ms,
              isWithin: (at_ms) => isWithin(symbol, at_ms),
              sort,
              limit: atMost,
              beyond,
              iex: feed === 'iex',
            });
      };
      const page = readPage(
        query,
        symbols,
        limit,
        ofSymbol,
        ({ tick, ordinal }) => `${tick.at_ms}:${ordinal}`,
      );
      const views = Object.fromEntries(
        Object.entries(page.items).map(([symbol, found]) => [
          symbol,
          found.map(({ tick }) => view(symbol, tick)),
        ]),
      );
      return { views, next_page_token: page.next_page_token };
    };
    routes.get(`/v2/stocks/${name}`, ({ query }, response) => {
      expectParameters(query, HISTORICAL_PARAMETERS);
      const { views, next_page_token } = read(readSymbols(query), query);
      response.json({ [name]: views, next_page_token, ...readCurrency(query) });
    });
    routes.get(`/v2/stocks/:symbol/${name}`, ({ query, params }, response) => {
      expectParameters(query, HISTORICAL_PARAMETERS);
      const symbol = readSymbol(params.symbol ?? '');
      const { views, next_page_token } = read([symbol], query);
      response.json({
        symbol,
        [name]: views[symbol] ?? [],
        next_page_token,
        ...readCurrency(query),
      });
    });
  };
  serve('trades', ticks.trades, toWireTrade);
  serve('quotes', ticks.quotes, toWireQuote);
  return routes;
};
