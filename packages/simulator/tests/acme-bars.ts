import type { OpenAccount } from './open-account.ts';

/** The bars of ACME that a query asks for. */
export const acmeBars = async (
  account: OpenAccount,
  query: string,
): Promise<{ t: string; o: number; h: number; l: number; c: number; v: number }[]> =>
  (await account.get(`/v2/stocks/ACME/bars?${query}`)).body.bars;
