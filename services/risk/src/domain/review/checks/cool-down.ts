import { secondsBetween, type Check, type Finding } from '../check.ts';

export const coolDown: Check = {
  name: 'cool_down',
  code: 'COOL_DOWN',
  refuses: 'a symbol whose last trade ended less than `symbol_cool_down_seconds` ago',
  find: ({ symbol }, { now, last_exit_at }, { symbol_cool_down_seconds: limit }): Finding => {
    const value = last_exit_at === null ? 'never' : secondsBetween(last_exit_at, now);
    return {
      read: { last_exit_at, now },
      limit,
      value,
      fault:
        value !== 'never' && value < limit
          ? `the last trade in ${symbol} ended ${Math.round(value)} s ago; it is left alone for ${limit} s`
          : null,
    };
  },
};
