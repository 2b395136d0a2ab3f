import type { Request, Response } from 'express';
import { recordRequestAndAnswer } from '../ledger-requests.ts';
import type { Simulation } from '../simulation.ts';

/** What the ledger keeps of a body, in characters; an order is a few hundred. */
const KEPT_BODY = 16_384;
const KEPT_URL = 4_096;

/** The body as it was read, or, where it is larger than the ledger keeps, its beginning as text. */
const keptBody = (body: unknown): unknown => {
  if (body === undefined) return null;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return text.length > KEPT_BODY ? text.slice(0, KEPT_BODY) : body;
};

/** Writes a request down as it arrived, once, and the answer to it. */
export const recordRequest = (simulation: Simulation, request: Request, response: Response, body: unknown): void => {
  if (response.locals.recorded === true) return;
  response.locals.recorded = true;
  recordRequestAndAnswer(simulation, request, response, { url: request.originalUrl.slice(0, KEPT_URL), body: keptBody(body) });
};
