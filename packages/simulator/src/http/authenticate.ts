import type { Request, RequestHandler, Response } from 'express';
import type { Account } from '../exchange/account.ts';

/** The keys of one account, as a client sends them. */
export interface Credentials {
  key_id: string;
  secret_key: string;
}

/** Finds the account that a pair of keys opens; null where there is none. */
export type FindAccount = (keyId: string, secretKey: string) => Account | null;

export const createFindAccount = (accounts: readonly Account[], credentials: readonly Credentials[]): FindAccount => (keyId, secretKey) => {
  const index = credentials.findIndex(({ key_id, secret_key }) => key_id === keyId && secret_key === secretKey);
  return accounts[index] ?? null;
};

/** Missing keys are 401, wrong ones 403, with Alpaca's bodies. */
export const authenticate = (findAccount: FindAccount): RequestHandler => (request: Request, response: Response, next) => {
  const keyId = request.get('APCA-API-KEY-ID');
  const secretKey = request.get('APCA-API-SECRET-KEY');
  if (!keyId || !secretKey) {
    response.status(401).json({ code: 40110000, message: 'request is not authorized' });
    return;
  }
  const account = findAccount(keyId, secretKey);
  if (!account) {
    response.status(403).json({ code: 40310000, message: 'forbidden.' });
    return;
  }
  response.locals.account = account;
  next();
};

/** The account that `authenticate` has found. */
export const accountOf = (response: Response): Account => response.locals.account as Account;
