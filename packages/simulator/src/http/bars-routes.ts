import type { Router } from 'express';
import type { BarsQuery } from '../market/historical-bars.ts';
import { toIexBar } from '../market/iex-share.ts';
import { adjustments } from '../market/price-adjustment.ts';
import { parseTimeframe } from '../market/timeframe.ts';
import type { WireBar } from '../market/wire-bar.ts';
import type { Simulation } from '../simulation.ts';
import { createRoutes } from './create-routes.ts';
import { checkAsOf, isSilent, readCurrency, readHistoricalFeed } from './feed.ts';
import { HISTORICAL_PARAMETERS, readInterval, readPage, stampOfKey, type Page } from './page.ts';
import {
  expectParameters,
  InvalidParameter,
  readChoices,
  readSymbol,
  readSymbols,
  readText,
  type Query,
} from './query.ts';

const BARS_PARAMETERS = [...HISTORICAL_PARAMETERS, 'timeframe', 'adjustment'];

const readBarsQuery = (simulation: Simulation, query: Query): BarsQuery => {
  const text = readText(query, 'timeframe');
  if (text === null) throw new InvalidParameter('timeframe is required');
  const timeframe = parseTimeframe(text);
  if (!timeframe) throw new InvalidParameter(`invalid timeframe: ${text.slice(0, 100)}`);
  return {
    ...readInterval(simulation, query),
    timeframe,
    adjustment: readChoices(query, 'adjustment', adjustments) ?? 'raw',
    beyond_ms: null,
  };
};

const readBars = (
  simulation: Simulation,
  symbols: readonly string[],
  asked: Query,
): Page<WireBar> => {
  const query = readBarsQuery(simulation, asked);
  const feed = readHistoricalFeed(asked);
  checkAsOf(asked);
  const now = simulation.now();
  const find = (symbol: string, limit: number, beyond: string | null): WireBar[] => {
    const beyondMs = beyond === null ? null : stampOfKey(beyond);
    if (isSilent(feed)) return [];
    const bars = simulation.bars.of(symbol, { ...query, limit, beyond_ms: beyondMs }, now);
    return feed === 'iex' ? bars.map((bar) => toIexBar(symbol, bar)) : bars;
  };
  return readPage(asked, symbols, query.limit, find, ({ t }) => t);
};

/** Historical bars of Alpaca's market data API. */
export const createBarsRoutes = (simulation: Simulation): Router => {
  const routes = createRoutes();
  routes.get('/v2/stocks/bars', ({ query }, response) => {
    expectParameters(query, BARS_PARAMETERS);
    const { items, next_page_token } = readBars(simulation, readSymbols(query), query);
    response.json({ bars: items, next_page_token, ...readCurrency(query) });
  });
  routes.get('/v2/stocks/:symbol/bars', ({ query, params }, response) => {
    expectParameters(query, BARS_PARAMETERS);
    const symbol = readSymbol(params.symbol);
    const { items, next_page_token } = readBars(simulation, [symbol], query);
    response.json({ symbol, bars: items[symbol] ?? [], next_page_token, ...readCurrency(query) });
  });
  return routes;
};
