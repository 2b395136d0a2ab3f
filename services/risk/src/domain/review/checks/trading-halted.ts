import type { Check } from '../check.ts';

export const tradingHalted: Check = {
  name: 'trading_halted',
  code: 'TRADING_HALTED',
  refuses: 'a desk that is halted, or was never armed',
  find: (_intent, { trading_state, trading_state_reason }) => ({
    read: { trading_state, reason: trading_state_reason },
    limit: 'active',
    value: trading_state,
    fault:
      trading_state === 'halted'
        ? `trading is halted (${trading_state_reason}); a person must arm or resume it`
        : null,
  }),
};
