import type { Check } from '../check.ts';

export const takesEntries: Check = {
  name: 'takes_entries',
  code: 'ONLY_REDUCING',
  refuses: 'a desk that is paused or flattening',
  find: (_intent, { trading_state, trading_state_reason }) => ({
    read: { trading_state },
    limit: 'active',
    value: trading_state,
    fault:
      trading_state === 'active'
        ? null
        : `the desk is ${trading_state} (${trading_state_reason}) and opens nothing new`,
  }),
};
