import type { Response } from 'express';
import type { Outcome } from '../exchange/refusal.ts';

/** Answers with what was done, or with Alpaca's refusal. */
export const sendOutcome = <T>(
  response: Response,
  outcome: Outcome<T>,
  view: (value: T) => unknown,
): void => {
  if (outcome.ok) response.json(view(outcome.value));
  else response.status(outcome.refusal.status).json(outcome.refusal.body);
};

/** Answers with a refusal that needs no exchange. */
export const sendRefusal = (response: Response, outcome: Outcome<never>): void =>
  sendOutcome(response, outcome, (value) => value);
