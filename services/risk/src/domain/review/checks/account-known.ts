import type { Check } from '../check.ts';

export const accountKnown: Check = {
  name: 'account_known',
  code: 'ACCOUNT_UNKNOWN',
  refuses: 'an account that has not been read from the broker yet',
  find: (_intent, { account }) => ({
    read: { read_at: account?.read_at ?? null },
    limit: 'known',
    value: account ? 'known' : 'unknown',
    fault: account ? null : 'the account has not been read from the broker yet',
  }),
};
