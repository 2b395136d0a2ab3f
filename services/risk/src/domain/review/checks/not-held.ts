import type { Check, Finding } from '../check.ts';

export const notHeld: Check = {
  name: 'not_held',
  code: 'ALREADY_HELD',
  refuses: 'a symbol that is held or has an entry pending',
  find: ({ symbol }, { commitments }): Finding => {
    const held = commitments.filter((one) => one.symbol === symbol).length;
    return {
      read: { symbol },
      limit: 0,
      value: held,
      fault: held > 0 ? `${symbol} is held or has an entry pending` : null,
    };
  },
};
