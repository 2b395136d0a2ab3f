import { percent, type Check, type Finding } from '../check.ts';
import { stopDistance } from './stop-distance.ts';

export const stopNotTooFar: Check = {
  name: 'stop_not_too_far',
  code: 'STOP_TOO_FAR',
  refuses: 'a stop farther than `max_stop_distance_ratio`',
  find: (intent, _facts, { max_stop_distance_ratio: limit }): Finding => {
    const value = stopDistance(intent);
    return {
      read: { entry_price: intent.entry_price, stop_price: intent.stop_price },
      limit,
      value,
      fault:
        value <= limit
          ? null
          : `the stop is ${percent(value)} from the entry, at most ${percent(limit)}`,
    };
  },
};
