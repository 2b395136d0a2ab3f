import type { Account } from './exchange/account.ts';

/** The keys of one account, as a client sends them. */
export interface Credentials {
  key_id: string;
  secret_key: string;
}

/** Throws a RangeError where a caller without types has left one of the keys out. */
export const checkCredentials = ({ key_id, secret_key }: Partial<Credentials>): void => {
  if (
    typeof key_id !== 'string' ||
    typeof secret_key !== 'string' ||
    key_id === '' ||
    secret_key === ''
  )
    throw new RangeError('credentials: expected a key_id and a secret_key, both not empty');
};

/** Finds the account that a pair of keys opens; null where there is none. */
export type FindAccount = (keyId: string, secretKey: string) => Account | null;

export const createFindAccount = (
  accounts: readonly Account[],
  credentials: readonly Credentials[],
): FindAccount => {
  const byKey = new Map(
    credentials.map(({ key_id, secret_key }, index) => [
      key_id,
      { secret_key, account: accounts[index] },
    ]),
  );
  return (keyId, secretKey) => {
    const opened = byKey.get(keyId);
    return opened?.account && opened.secret_key === secretKey ? opened.account : null;
  };
};
