import type { Router } from 'express';
import { notFound } from '../exchange/refusal.ts';
import type { Simulation } from '../simulation.ts';
import { assetView } from './account-views.ts';
import { ASSET_CLASSES } from './asset-classes.ts';
import { cusipOf } from './corporate-actions-routes.ts';
import { createRoutes } from './create-routes.ts';
import { readChoice, readChoices, readText } from './query.ts';
import { sendRefusal } from './send-outcome.ts';

const EXCHANGES = ['AMEX', 'ARCA', 'BATS', 'NYSE', 'NASDAQ', 'NYSEARCA', 'OTC'] as const;
const ATTRIBUTES = [
  'ptp_no_exception',
  'ptp_with_exception',
  'ipo',
  'has_options',
  'options_late_close',
  'fractional_eh_enabled',
  'overnight_tradable',
  'overnight_halted',
] as const;
/**
 * Assets of Alpaca's trading API: the day's securities, all of them active and none with
 * attributes.
 */
export const createAssetRoutes = (
  simulation: Simulation,
  symbolOf: (named: string) => string,
): Router => {
  const routes = createRoutes();
  const { listings } = simulation.market;
  const byCusip = new Map([...listings.keys()].map((symbol) => [cusipOf(symbol), symbol]));

  routes.get('/v2/assets', ({ query }, response) => {
    const status =
      readText(query, 'status') === null
        ? 'active'
        : readChoice(query, 'status', ['active', 'inactive'], 'active');
    const assetClass = readChoice(query, 'asset_class', ASSET_CLASSES, 'us_equity');
    const exchange =
      readText(query, 'exchange') === null
        ? null
        : readChoice(query, 'exchange', EXCHANGES, 'NYSE');
    const attributes = readChoices(query, 'attributes', ATTRIBUTES);
    const listed = [...listings.values()].filter(
      ({ security }) =>
        exchange === null || security.exchange === exchange.replace('NYSEARCA', 'ARCA'),
    );
    response.json(
      status === 'inactive' || assetClass !== 'us_equity' || attributes
        ? []
        : listed.map(({ security }) => assetView(security)),
    );
  });
  routes.get('/v2/assets/:symbol', ({ params }, response) => {
    const { symbol } = params;
    const listing = listings.get(byCusip.get(symbol) ?? symbolOf(symbol));
    if (listing) response.json(assetView(listing.security));
    else sendRefusal(response, notFound(`asset not found for ${symbol.slice(0, 100)}`));
  });
  return routes;
};
