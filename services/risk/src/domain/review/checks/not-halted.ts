import type { Check } from '../check.ts';

export const notHalted: Check = {
  name: 'not_halted',
  code: 'SYMBOL_HALTED',
  refuses: 'a symbol whose trading is halted or paused',
  find: ({ symbol }, { trading: { halted, told_by } }) => ({
    read: { halted, told_by },
    limit: 'trading',
    value: halted === null ? 'trading' : 'halted',
    fault: halted === null ? null : `${symbol} is halted: ${halted}`,
  }),
};
