import type { RequestHandler } from 'express';
import type { Account } from '../exchange/account.ts';
import type { Simulation } from '../simulation.ts';
import { isMarketData } from './api-of.ts';
import { accountOf } from './authenticate.ts';

/** What Alpaca allows an account on each of its two hosts, and what the headers promise. */
export const ALPACA_RATE_LIMIT = 200;
const WINDOW_MS = 60_000;

/**
 * Counts each account's requests to trading and to market data, as Alpaca's two hosts do, and
 * refuses what is beyond a limit that is set. A minute of counting begins with its first request
 * and not with the clock's minute: the reset that Alpaca's headers name lies on any second. There
 * is no Retry-After.
 */
export const limitRate = (simulation: Simulation, limit: number | null): RequestHandler => {
  const promised = limit ?? ALPACA_RATE_LIMIT;
  const windows = {
    trading: new Map<Account, { count: number; ends_ms: number }>(),
    data: new Map<Account, { count: number; ends_ms: number }>(),
  };
  return (request, response, next) => {
    const isData = isMarketData(request.path);
    const account = accountOf(response);
    const open = windows[isData ? 'data' : 'trading'];
    const now = simulation.now();
    const last = open.get(account);
    const window = last && now < last.ends_ms ? last : { count: 0, ends_ms: now + WINDOW_MS };
    window.count += 1;
    open.set(account, window);
    response.set({
      'X-RateLimit-Limit': String(promised),
      'X-RateLimit-Remaining': String(Math.max(limit === null ? 1 : 0, promised - window.count)),
      'X-RateLimit-Reset': String(Math.ceil(window.ends_ms / 1_000)),
    });
    if (limit === null || window.count <= limit) next();
    else
      response
        .status(429)
        .json(
          isData
            ? { message: 'too many requests.' }
            : { code: 42910000, message: 'rate limit exceeded' },
        );
  };
};
