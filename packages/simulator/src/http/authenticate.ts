import type { Request, RequestHandler, Response } from 'express';
import type { Account } from '../exchange/account.ts';
import type { Credentials, FindAccount } from '../find-account.ts';
import { isMarketData } from './api-of.ts';

/** What the proxy before Alpaca's servers answers, a page instead of JSON. */
const UNAUTHORIZED_PAGE =
  '<html>\r\n<head><title>401 Authorization Required</title></head>\r\n<body>\r\n<center><h1>401 Authorization Required</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';

/**
 * Alpaca's two headers; for market data also HTTP basic authentication, as its broker partners use
 * it.
 */
const keysOf = (request: Request): Credentials | null => {
  const keyId = request.get('APCA-API-KEY-ID');
  const secretKey = request.get('APCA-API-SECRET-KEY');
  if (keyId && secretKey) return { key_id: keyId, secret_key: secretKey };
  const [scheme, encoded] = request.get('Authorization')?.split(' ') ?? [];
  if (scheme?.toLowerCase() !== 'basic' || !encoded || !isMarketData(request.path)) return null;
  const [basicId, ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { key_id: basicId ?? '', secret_key: rest.join(':') };
};

/** The account whose keys came with a request; null where none did, or wrong ones. */
export const findCaller = (findAccount: FindAccount, request: Request): Account | null => {
  const keys = keysOf(request);
  return keys && findAccount(keys.key_id, keys.secret_key);
};

/**
 * Missing and wrong keys are both 401: the proxy's page, but for keys that the trading API knows to
 * be wrong.
 */
export const authenticate =
  (findAccount: FindAccount): RequestHandler =>
  (request: Request, response: Response, next) => {
    const account = findCaller(findAccount, request);
    if (account) {
      response.locals.account = account;
      next();
    } else if (isMarketData(request.path) || !keysOf(request)) {
      response.status(401).type('html').send(UNAUTHORIZED_PAGE);
    } else {
      response.status(401).json({ message: 'unauthorized.' });
    }
  };

/** The account that `authenticate` has found. */
export const accountOf = (response: Response): Account => response.locals.account as Account;
