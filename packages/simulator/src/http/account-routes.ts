import type { Router } from 'express';
import { changeConfiguration } from '../exchange/account-configuration.ts';
import type { Simulation } from '../simulation.ts';
import { accountView } from './account-views.ts';
import { listActivities } from './activities.ts';
import { accountOf } from './authenticate.ts';
import { createRoutes } from './create-routes.ts';
import { portfolioHistoryView } from './portfolio-history.ts';
import { readText } from './query.ts';
import { sendOutcome } from './send-outcome.ts';

/** The account, its configuration, its activities and its history in Alpaca's trading API. */
export const createAccountRoutes = (simulation: Simulation): Router => {
  const routes = createRoutes();
  routes.get(
    '/v2/account',
    (_request, response) => void response.json(accountView(simulation, accountOf(response))),
  );
  routes.get(
    '/v2/account/configurations',
    (_request, response) => void response.json(accountOf(response).configuration),
  );
  routes.patch('/v2/account/configurations', (request, response) => {
    sendOutcome(
      response,
      changeConfiguration(accountOf(response), request.body),
      (configuration) => configuration,
    );
  });
  routes.get('/v2/account/portfolio/history', (request, response) => {
    response.json(portfolioHistoryView(simulation, accountOf(response), request.query));
  });
  routes.get('/v2/account/activities', (request, response) => {
    response.json(
      listActivities(accountOf(response), request.query, readText(request.query, 'activity_types')),
    );
  });
  routes.get('/v2/account/activities/:activity_type', (request, response) => {
    response.json(listActivities(accountOf(response), request.query, request.params.activity_type));
  });
  return routes;
};
