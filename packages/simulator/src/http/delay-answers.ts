import type { RequestHandler, Response } from 'express';
import { answerDelay, type AnswerDelay } from './answer-delay.ts';

/**
 * Lets each answer wait as a network would. The exchange has seen the request at once, so that
 * requests keep their order, and an order's updates may come before its answer.
 */
export const delayAnswers = (seed: number, delay: AnswerDelay): RequestHandler => {
  let answers = 0;
  return (_request, response, next) => {
    answers += 1;
    const ms = answerDelay(seed, answers, delay);
    const end = response.end.bind(response) as (...answer: unknown[]) => Response;
    response.end = ((...answer: unknown[]) => {
      setTimeout(end, ms, ...answer);
      return response;
    }) as typeof response.end;
    next();
  };
};
