import express, { type Router, type ErrorRequestHandler } from 'express';
import { createRoutes } from '../http/create-routes.ts';
import type { FaultList, ListedFault } from './fault-list.ts';
import { FaultError, readFaults, type DaySymbols } from './read-faults.ts';

/** A script of this many bytes is some thousands of faults. */
const BODY_LIMIT = '1mb';

const view = ({ id, fault, calls, fired }: ListedFault): Record<string, unknown> => ({
  id,
  where: fault.where,
  when: fault.when,
  what: fault.what,
  calls,
  fired,
});

const answerErrors: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const { status } = error as { status?: number };
  if (error instanceof FaultError) response.status(400).json({ message: error.message });
  else if (typeof status === 'number' && status >= 400 && status < 500)
    response
      .status(status)
      .json({ message: `expected a fault as JSON: ${(error as Error).message}` });
  else next(error);
};

/** The list of faults over REST: read it, add one or many, take one or all away. */
export const createFaultRoutes = (list: FaultList, symbols: DaySymbols): Router => {
  const routes = createRoutes();
  routes.get('/sim/faults', (_request, response) => void response.json(list.listed().map(view)));
  routes.post(
    '/sim/faults',
    express.json({ type: () => true, limit: BODY_LIMIT }),
    (request, response) => {
      response.status(201).json(list.add(readFaults(request.body, symbols)).map(view));
    },
  );
  routes.delete('/sim/faults', (_request, response) => {
    list.remove();
    response.status(204).end();
  });
  routes.delete('/sim/faults/:id', (request, response) => {
    if (list.remove(request.params.id)) response.status(204).end();
    else response.status(404).json({ message: `no fault ${request.params.id}` });
  });
  routes.use('/sim/faults', answerErrors);
  return routes;
};
