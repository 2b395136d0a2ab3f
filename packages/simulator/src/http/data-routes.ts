import type { Router } from 'express';
import { conditionNames, exchangeNames } from '../market/tape-codes.ts';
import { createTickHistory } from '../market/tick-history.ts';
import type { Simulation } from '../simulation.ts';
import { createAuctionsRoutes } from './auctions-routes.ts';
import { createBarsRoutes } from './bars-routes.ts';
import { createCorporateActionsRoutes } from './corporate-actions-routes.ts';
import { createRoutes } from './create-routes.ts';
import { createLatestRoutes } from './latest-routes.ts';
import { createNewsRoutes } from './news-routes.ts';
import { expectParameters, InvalidParameter, readChoice, readText } from './query.ts';
import { createScreenerRoutes } from './screener-routes.ts';
import { createTicksRoutes } from './ticks-routes.ts';

/** Alpaca's market data API for stocks. */
export const createDataRoutes = (simulation: Simulation): Router => {
  const routes = createRoutes();
  const ticks = createTickHistory(simulation.market, simulation.now);
  routes.get('/v2/stocks/meta/exchanges', ({ query }, response) => {
    expectParameters(query, []);
    response.json(exchangeNames);
  });
  routes.get('/v2/stocks/meta/conditions/:ticktype', ({ query, params }, response) => {
    expectParameters(query, ['tape']);
    const { ticktype } = params;
    if (ticktype !== 'trade' && ticktype !== 'quote')
      throw new InvalidParameter(`invalid ticktype: ${ticktype.slice(0, 100)}`);
    if (readText(query, 'tape') === null) throw new InvalidParameter('tape is required');
    response.json(conditionNames[ticktype][readChoice(query, 'tape', ['A', 'B', 'C'], 'A')]);
  });
  routes.use(createLatestRoutes(simulation, ticks));
  routes.use(createBarsRoutes(simulation));
  routes.use(createTicksRoutes(simulation, ticks));
  routes.use(createAuctionsRoutes(simulation, ticks));
  routes.use(createScreenerRoutes(simulation));
  routes.use(createNewsRoutes(simulation));
  routes.use(createCorporateActionsRoutes(simulation));
  return routes;
};
