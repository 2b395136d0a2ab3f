import type { Request, Response } from 'express';
import { recordRequestAndAnswer } from '../ledger-requests.ts';
import type { Simulation } from '../simulation.ts';

/** What the ledger keeps of an address, in characters. */
const KEPT_URL = 4_096;

/** Writes a request down as it arrived, once, and the answer to it. */
export const recordRequest = (
  simulation: Simulation,
  request: Request,
  response: Response,
  body: unknown,
): void => {
  if (response.locals.recorded === true) return;
  response.locals.recorded = true;
  recordRequestAndAnswer(simulation, request, response, {
    url: request.originalUrl.slice(0, KEPT_URL),
    body,
  });
};
