import { secondsBetween, type Check, type Finding } from '../check.ts';

export const repetition: Check = {
  name: 'repetition',
  code: 'DUPLICATE_INTENT',
  refuses: 'a symbol that was approved less than `duplicate_window_seconds` ago',
  find: ({ symbol }, { now, last_approved_at }, { duplicate_window_seconds: limit }): Finding => {
    const value = last_approved_at === null ? 'never' : secondsBetween(last_approved_at, now);
    return {
      read: { last_approved_at, now },
      limit,
      value,
      fault:
        value !== 'never' && value < limit
          ? `${symbol} was approved less than ${limit} s ago`
          : null,
    };
  },
};
