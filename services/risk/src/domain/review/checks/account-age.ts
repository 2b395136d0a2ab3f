import { faultOfAge, secondsBetween, type Check, type Finding } from '../check.ts';

export const accountAge: Check = {
  name: 'account_age',
  code: 'ACCOUNT_STALE',
  refuses: 'an account that was read longer ago than `max_account_age_seconds`, or in the future',
  find: (_intent, { account, now }, { max_account_age_seconds: limit }): Finding => {
    if (!account)
      return { read: {}, limit, value: 'none', fault: null, unknown: 'there is no account' };
    const value = secondsBetween(account.read_at, now);
    const fault = faultOfAge("the account's last reading", value, limit);
    return { read: { read_at: account.read_at, now }, limit, value, fault };
  },
};
