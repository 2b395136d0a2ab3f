import { stableId } from '@catalyst/domain';
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler, type Response } from 'express';
import type { Faults } from '../faults/create-faults.ts';
import { recordRequestAndAnswer } from '../ledger-requests.ts';
import type { MailCatcher } from '../mail/mail-catcher.ts';
import type { Simulation } from '../simulation.ts';
import { authenticate, type FindAccount } from './authenticate.ts';
import { createControlRoutes } from './control-routes.ts';
import { createDataRoutes } from './data-routes.ts';
import { InvalidParameter } from './query.ts';
import { createTradingRoutes } from './trading-routes.ts';

/** Requests a simulated minute that the headers promise when nothing else is asked for; Alpaca's paid plan. */
const UNENFORCED_LIMIT = 10_000;

/** Counts each key's requests per simulated minute and, where a limit is set, refuses what is beyond it. */
const limitRate = (simulation: Simulation, limit: number | null): RequestHandler => {
  const promised = limit ?? UNENFORCED_LIMIT;
  let minute = Number.NaN;
  const counts = new Map<string, number>();
  return (request, response, next) => {
    const current = Math.floor(simulation.now() / 60_000);
    if (current !== minute) counts.clear();
    minute = current;
    const key = request.get('APCA-API-KEY-ID') ?? '';
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    response.set({ 'X-RateLimit-Limit': String(promised), 'X-RateLimit-Remaining': String(Math.max(limit === null ? 1 : 0, promised - count)), 'X-RateLimit-Reset': String((minute + 1) * 60) });
    if (limit !== null && count > limit) response.status(429).json({ code: 42910000, message: 'rate limit exceeded' });
    else next();
  };
};

const recordRequest = (simulation: Simulation, request: Request, response: Response, body: unknown): void => {
  recordRequestAndAnswer(simulation, request, response, { url: request.originalUrl, body: body === undefined ? null : structuredClone(body) });
};

interface ReadFailure {
  status: number;
  /** What was sent, where it could be read as text. */
  body?: string;
}

const isReadFailure = (error: unknown): error is ReadFailure => {
  const { status } = error as Partial<ReadFailure>;
  return typeof status === 'number' && status >= 400 && status < 500;
};

const isDataPath = (path: string): boolean => path.startsWith('/v2/stocks') || path.startsWith('/v1');

const answerErrors = (simulation: Simulation): ErrorRequestHandler => (error: unknown, request, response, next) => {
  if (response.headersSent) return next(error);
  if (error instanceof InvalidParameter) {
    const isData = isDataPath(request.path) || request.path.startsWith('/sim');
    response.status(isData ? 400 : 422).json(isData ? { message: error.message } : { code: 40010001, message: error.message });
    return;
  }
  if (isReadFailure(error)) {
    recordRequest(simulation, request, response, error.body);
    response.status(error.status === 413 ? 413 : 400).json({ code: 40010000, message: 'request body format is invalid' });
    return;
  }
  console.error(error);
  response.status(500).json({ code: 50010000, message: 'internal server error occurred' });
};

export interface AppOptions {
  find_account: FindAccount;
  faults: Pick<Faults, 'routes' | 'identify' | 'middleware'>;
  /** Requests a simulated minute and key; null enforces none. */
  rate_limit: number | null;
}

/** One origin for the trading API, the market data API and the controls. */
export const createApp = (simulation: Simulation, mail: MailCatcher, options: AppOptions): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(createControlRoutes(simulation, mail));
  app.use(options.faults.routes);
  app.use(options.faults.identify);
  app.use(express.json({ type: () => true }));
  app.use((request, response, next) => {
    recordRequest(simulation, request, response, request.body);
    response.set('X-Request-ID', stableId('request', simulation.ledger.length));
    next();
  });
  app.use(options.faults.middleware);
  app.use(limitRate(simulation, options.rate_limit));
  app.use(authenticate(options.find_account));
  app.use(createTradingRoutes(simulation));
  app.use(createDataRoutes(simulation));
  app.use((_request, response) => void response.status(404).json({ code: 40410000, message: 'endpoint not found.' }));
  app.use(answerErrors(simulation));
  return app;
};
