import type { RequestHandler } from 'express';
import type { Account } from '../exchange/account.ts';
import type { Simulation } from '../simulation.ts';
import { isMarketData } from './api-of.ts';
import { accountOf } from './authenticate.ts';

/**
 * Requests a simulated minute that the headers promise when nothing else is asked for; Alpaca's
 * paid plan.
 */
const UNENFORCED_LIMIT = 10_000;

/**
 * Counts each account's requests per simulated minute and, where a limit is set, refuses what is
 * beyond it. Alpaca sends no Retry-After, but when the minute is over.
 */
export const limitRate = (simulation: Simulation, limit: number | null): RequestHandler => {
  const promised = limit ?? UNENFORCED_LIMIT;
  let minute = Number.NaN;
  const counts = new Map<Account, number>();
  return (request, response, next) => {
    const current = Math.floor(simulation.now() / 60_000);
    if (current !== minute) counts.clear();
    minute = current;
    const account = accountOf(response);
    const count = (counts.get(account) ?? 0) + 1;
    counts.set(account, count);
    response.set({
      'X-RateLimit-Limit': String(promised),
      'X-RateLimit-Remaining': String(Math.max(limit === null ? 1 : 0, promised - count)),
      'X-RateLimit-Reset': String((minute + 1) * 60),
    });
    if (limit === null || count <= limit) next();
    else
      response
        .status(429)
        .json(
          isMarketData(request.path)
            ? { message: 'too many requests.' }
            : { code: 42910000, message: 'rate limit exceeded' },
        );
  };
};
