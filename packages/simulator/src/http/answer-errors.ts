import type { ErrorRequestHandler } from 'express';
import type { Simulation } from '../simulation.ts';
import { answersBadRequest, isMarketData } from './api-of.ts';
import { InvalidParameter } from './query.ts';
import { recordRequest } from './record-request.ts';

interface ReadFailure {
  status: number;
  /** What was sent, where it could be read as text. */
  body?: string;
}

const isReadFailure = (error: unknown): error is ReadFailure => {
  const { status } = error as Partial<ReadFailure>;
  return typeof status === 'number' && status >= 400 && status < 500;
};

/** Turns whatever a route or a reader has thrown into Alpaca's answer. */
export const answerErrors =
  (simulation: Simulation): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof InvalidParameter) {
      if (answersBadRequest(request.path) || request.path.startsWith('/sim'))
        response.status(400).json({ message: error.message });
      else response.status(422).json({ code: 40010001, message: error.message });
      return;
    }
    if (isReadFailure(error)) {
      recordRequest(simulation, request, response, error.body);
      const message = 'request body format is invalid';
      response
        .status(error.status === 413 ? 413 : 400)
        .json(isMarketData(request.path) ? { message } : { code: 40010000, message });
      return;
    }
    console.error(error);
    response.status(500).json({ code: 50010000, message: 'internal server error occurred' });
  };
