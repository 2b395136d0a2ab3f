import type { Router } from 'express';
import { assetId } from '../exchange/create-orders.ts';
import type { Simulation } from '../simulation.ts';
import { createAccountRoutes } from './account-routes.ts';
import { createAnnouncementRoutes } from './announcement-routes.ts';
import { createAssetRoutes } from './asset-routes.ts';
import { createCalendarRoutes } from './calendar-routes.ts';
import { createRoutes } from './create-routes.ts';
import { createOrderRoutes } from './order-routes.ts';
import { createPositionRoutes } from './position-routes.ts';
import { readUuid } from './read-uuid.ts';
import { createWatchlistRoutes } from './watchlist-routes.ts';

/** Alpaca's trading API, version 2, for stocks. */
export const createTradingRoutes = (simulation: Simulation): Router => {
  const routes = createRoutes();
  const symbolsByAsset = new Map(
    [...simulation.market.listings.keys()].map((symbol) => [assetId(symbol), symbol]),
  );
  /** A path, and an order, names a security by its symbol or by its asset id. */
  const symbolOf = (named: string): string => symbolsByAsset.get(readUuid(named) ?? named) ?? named;
  routes.use(createAccountRoutes(simulation));
  routes.use(createOrderRoutes(simulation, symbolOf));
  routes.use(createPositionRoutes(simulation, symbolOf));
  routes.use(createAssetRoutes(simulation, symbolOf));
  routes.use(createCalendarRoutes(simulation));
  routes.use(createWatchlistRoutes(simulation, symbolOf));
  routes.use(createAnnouncementRoutes(simulation));
  return routes;
};
