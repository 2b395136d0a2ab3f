import type { Check, Finding } from '../check.ts';

export const accountOpen: Check = {
  name: 'account_open',
  code: 'ACCOUNT_BLOCKED',
  refuses:
    'an account of which the broker takes no orders (blocked, restricted, or suspended by its owner)',
  find: (_intent, { account }): Finding => {
    const blocked = account?.blocked_reason ?? null;
    return {
      read: { blocked_reason: blocked },
      limit: 'open',
      value: blocked === null ? 'open' : 'blocked',
      fault: blocked === null ? null : `the broker takes no orders of this account: ${blocked}`,
    };
  },
};
