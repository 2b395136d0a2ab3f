import { stableId, type Line } from '@catalyst/domain';
import express, { type Express } from 'express';
import type { Faults } from '../faults/create-faults.ts';
import type { FindAccount } from '../find-account.ts';
import type { MailCatcher } from '../mail/mail-catcher.ts';
import type { Simulation } from '../simulation.ts';
import type { DataPlan } from '../stream/serve-streams.ts';
import { allowBrowsers } from './allow-browsers.ts';
import { answerErrors } from './answer-errors.ts';
import { isMarketData } from './api-of.ts';
import { authenticate } from './authenticate.ts';
import { createControlRoutes } from './control-routes.ts';
import { createDataRoutes } from './data-routes.ts';
import type { AnswerDelay } from './answer-delay.ts';
import { delayAnswers } from './delay-answers.ts';
import { limitPlan } from './limit-plan.ts';
import { limitRate } from './limit-rate.ts';
import { readBody } from './read-body.ts';
import { recordRequest } from './record-request.ts';
import { createTradeEventsRoutes } from './trade-events-routes.ts';
import { createTradingRoutes } from './trading-routes.ts';
import { createWireView, type WireRoutes, type WireView } from './wire-view.ts';

export interface AppOptions {
  find_account: FindAccount;
  faults: Pick<Faults, 'routes' | 'identify' | 'middleware' | 'outgoing'>;
  /** Requests a simulated minute and key; null enforces none. */
  rate_limit: number | null;
  /** What market data the keys have paid for. */
  data_plan: DataPlan;
  /** How long answers wait; null lets them go at once. */
  answer_delay: AnswerDelay | null;
  /** Brings a clock that runs by itself to now. */
  advance(): void;
  /** Puts a clock that follows a line on another; null where it follows none. */
  follow: ((line: Line) => void) | null;
  /** Another wire; it comes before Alpaca's keys are asked for. */
  routes?: (view: WireView) => WireRoutes;
}

/** One origin for the trading API, the market data API and the controls. */
export const createApp = (
  simulation: Simulation,
  mail: MailCatcher,
  options: AppOptions,
): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use((_request, _response, next) => {
    options.advance();
    next();
  });
  app.use(createControlRoutes(simulation, mail, options.follow));
  app.use(options.faults.routes);
  app.use(allowBrowsers());
  if (options.answer_delay) app.use(delayAnswers(simulation.market.day.seed, options.answer_delay));
  app.use(options.faults.identify);
  app.use(readBody());
  app.use((request, response, next) => {
    recordRequest(simulation, request, response, request.body);
    response.set('X-Request-ID', stableId('request', simulation.ledger.length));
    next();
  });
  app.use(options.faults.middleware);
  app.use((_request, _response, next) => {
    options.advance(); // a fault may have let the request wait
    next();
  });
  if (options.routes) app.use(options.routes(createWireView(simulation)));
  app.use(authenticate(options.find_account));
  app.use(limitRate(simulation, options.rate_limit));
  app.use(createTradingRoutes(simulation));
  app.use(createTradeEventsRoutes(simulation, options.faults.outgoing));
  app.use(limitPlan(simulation, options.data_plan));
  app.use(createDataRoutes(simulation));
  app.use((request, response) => {
    const message = 'endpoint not found.';
    response
      .status(404)
      .json(isMarketData(request.path) ? { message } : { code: 40410000, message });
  });
  app.use(answerErrors(simulation));
  return app;
};
